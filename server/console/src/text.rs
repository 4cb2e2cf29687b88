//! Data as text that the trail compares.

use contract::Error;
use serde::Serialize;

/// As YAML.
pub(crate) fn as_text<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_saphyr::to_string(value).map_err(Error::internal)
}
