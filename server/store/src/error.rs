//! Database failures in the words of the contract, cause kept.

use contract::Error;

pub(crate) fn internal(error: sqlx::Error) -> Error {
    Error::internal(error)
}
