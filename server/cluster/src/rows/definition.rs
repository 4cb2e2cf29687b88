//! Kinds that a cluster was taught, as its CustomResourceDefinitions say.

use std::sync::Arc;

use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use model::rows::{Custom, CustomName, MOST_PRINTED, Printed, RowKind, Shape};
use serde::{Deserialize, Serialize};

use super::shared::{Shared, State};
use super::table::{Cell, Table, Value};

/// How objects of such a kind are asked for and read.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) name: CustomName,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) plural: String,
    pub(crate) custom: Custom,
    /// In the order of what is printed; none finds nothing.
    pub(crate) paths: Vec<Option<JpQuery>>,
    /// What it was made of.
    text: String,
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for Definition {}

/// As it is kept in the row of its CustomResourceDefinition.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Kept {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) plural: String,
    pub(super) kind: String,
    pub(super) namespaced: bool,
    pub(super) printed: Vec<KeptColumn>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct KeptColumn {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) wide: bool,
    /// As its author wrote it.
    pub(super) path: String,
}

impl Definition {
    fn read(name: &CustomName, text: &str) -> Option<Self> {
        let kept: Kept = serde_json::from_str(text).ok()?;
        let columns = kept.printed.into_iter().take(MOST_PRINTED);
        let (printed, paths) = columns
            .map(|column| {
                let path = parse_json_path(&standard(&column.path));
                if let Err(error) = &path {
                    let (rows, column, error) = (name.as_str(), column.name.as_str(), error.to_string());
                    tracing::warn!(event = "rows.path_not_understood", rows, column, error);
                }
                let path = path.ok();
                (Printed { name: column.name, shape: column.shape, wide: column.wide }, path)
            })
            .unzip();
        Some(Self {
            name: name.clone(),
            group: kept.group,
            version: kept.version,
            plural: kept.plural,
            custom: Custom { kind: kept.kind, namespaced: kept.namespaced, printed },
            paths,
            text: text.to_owned(),
        })
    }
}

/// What a cluster's definitions say of a kind; none where it has no such, or does not serve it yet.
pub(super) fn find(definitions: &Shared, name: &CustomName) -> Option<Arc<Definition>> {
    let table = definitions.read();
    Definition::read(name, text_of(&table, name)?).map(Arc::new)
}

/// Returns when the cluster says something else of this kind than this.
pub(super) async fn replaced(definitions: Arc<Shared>, known: &Definition) {
    let mut changes = definitions.changes();
    loop {
        changes.mark_unchanged();
        // What is not known now may be as it was.
        let is_known = matches!(definitions.state().0, State::Live);
        if is_known && !is_current(&definitions, known) {
            return;
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Whether the cluster still says just this of a kind.
pub(super) fn is_current(definitions: &Shared, known: &Definition) -> bool {
    text_of(&definitions.read(), &known.name) == Some(&known.text)
}

fn text_of<'a>(table: &'a Table, name: &CustomName) -> Option<&'a str> {
    let row = table.row(table.slot_of("", name.as_str())?)?;
    // Behind what people see.
    match row.cells.get(RowKind::CustomResourceDefinitions.columns().len())? {
        Cell::Text(word) => Some(table.strings.get(*word)),
        _ => None,
    }
}

/// How it is kept behind the cells that people see.
pub(super) fn hidden(kept: &Kept) -> Value {
    serde_json::to_string(kept).map_or(Value::Nothing, Value::Text)
}

/// A path as Kubernetes writes it, `.status.conditions[?(@.type=="Ready")].status`, in the standard's spelling (RFC 9535), in which
/// names with hyphens and dots stand in brackets.
fn standard(path: &str) -> String {
    let mut out = "$".to_owned();
    let mut letters = path.chars().peekable();
    // After two dots, which look everywhere below.
    let mut descend = false;
    while let Some(letter) = letters.next() {
        match letter {
            '.' => {
                let mut name = String::new();
                while let Some(next) = letters.peek().copied().filter(|next| !matches!(next, '.' | '[')) {
                    letters.next();
                    // A dot of the name itself.
                    name.push(if next == '\\' { letters.next().unwrap_or(next) } else { next });
                }
                match name.as_str() {
                    "" if letters.peek() == Some(&'.') => descend = true,
                    "" => {}
                    "*" => out.push_str(if std::mem::take(&mut descend) { "..*" } else { "[*]" }),
                    name => {
                        if std::mem::take(&mut descend) {
                            out.push_str("..");
                        }
                        let name = name.replace('\\', "\\\\").replace('\'', "\\'");
                        out.push_str(&format!("['{name}']"));
                    }
                }
            }
            '[' => {
                out.push('[');
                let (mut depth, mut quote) = (1_u32, None);
                while let Some(inner) = letters.next() {
                    out.push(inner);
                    match (quote, inner) {
                        (Some(open), _) if open == inner => quote = None,
                        (Some(_), _) => {}
                        (None, '\'' | '"') => quote = Some(inner),
                        (None, '[') => depth += 1,
                        (None, ']') => depth -= 1,
                        (None, '@') => {
                            let mut compared = String::new();
                            while let Some(next) = letters.next_if(|next| !ends_name(*next)) {
                                compared.push(next);
                            }
                            out.push_str(standard(&compared).trim_start_matches('$'));
                        }
                        (None, _) => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// Whether a name that a filter compares ends before this.
fn ends_name(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '=' | '!' | '<' | '>' | '&' | '|' | '(' | ')' | '[' | ']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_kubernetes_are_spelled_as_the_standard_has_it() {
        for (kubernetes, written) in [
            (".spec.replicas", "$['spec']['replicas']"),
            (
                r#".status.conditions[?(@.type=="Ready")].status"#,
                r#"$['status']['conditions'][?(@['type']=="Ready")]['status']"#,
            ),
            (
                ".spec.hosts[?(@.my-kind == 'a.b' && @.on)].x",
                "$['spec']['hosts'][?(@['my-kind'] == 'a.b' && @['on'])]['x']",
            ),
            (
                r".metadata.labels.app\.kubernetes\.io/name",
                "$['metadata']['labels']['app.kubernetes.io/name']",
            ),
            (".spec.my-hosts[*].a", "$['spec']['my-hosts'][*]['a']"),
            (".spec['a.b'].c[0]", "$['spec']['a.b']['c'][0]"),
            (".spec.*", "$['spec'][*]"),
            (".spec..image", "$['spec']..['image']"),
        ] {
            assert_eq!(standard(kubernetes), written);
            assert!(parse_json_path(written).is_ok(), "{written}");
        }
    }
}
