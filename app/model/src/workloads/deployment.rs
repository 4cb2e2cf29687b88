//! The form that a Deployment is made from.

use serde::{Deserialize, Serialize};

use crate::clusters::ClusterName;
use crate::name::check_label;
use crate::namespaces::NamespaceName;
use crate::problem::{FieldProblem, Problem};
use crate::projects::amount;
use crate::quantity::Quantity;
use crate::workloads::ObjectName;

/// Above this, somebody typed a zero too many.
const MOST_REPLICAS: u32 = 1000;
const LONGEST_IMAGE: u32 = 512;

/// A Deployment of one container, as typed. The fields are named as in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeploymentForm {
    pub name: String,
    pub image: String,
    pub replicas: String,
    /// `8080, 53/UDP, http:8080`.
    pub ports: String,
    /// `NAME=value`, one per line.
    pub environment: String,
    pub requests_cpu: String,
    pub limits_cpu: String,
    pub requests_memory: String,
    pub limits_memory: String,
    /// A Service with the same name, for all ports.
    pub service: bool,
    /// The settings that Pod Security asks for at the level `restricted`.
    pub restricted: bool,
}

/// A checked [`DeploymentForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    pub cluster: ClusterName,
    pub namespace: NamespaceName,
    pub name: ObjectName,
    pub image: String,
    pub replicas: u32,
    pub ports: Vec<Port>,
    pub environment: Vec<(String, String)>,
    /// `cpu` and `memory` to amounts.
    pub requests: Vec<(&'static str, Quantity)>,
    pub limits: Vec<(&'static str, Quantity)>,
    pub service: bool,
    pub restricted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    pub name: String,
    pub number: u16,
    pub protocol: Protocol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Tcp,
    Udp,
}

impl Protocol {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
        }
    }
}

impl DeploymentForm {
    /// Every field that is wrong, at once.
    pub fn check(
        &self,
        cluster: &ClusterName,
        namespace: &NamespaceName,
    ) -> Result<Deployment, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let name = check_label(self.name.trim(), 63).and_then(|()| ObjectName::parse(&self.name));
        let name = kept(&mut problems, "name", name);
        let image = kept(&mut problems, "image", check_image(&self.image));
        let replicas = kept(&mut problems, "replicas", check_replicas(&self.replicas));
        let ports = kept(&mut problems, "ports", check_ports(&self.ports));
        let environment = kept(&mut problems, "environment", check_environment(&self.environment));
        let mut amount_of = |field: &str, typed: &str| kept(&mut problems, field, amount(typed)).flatten();
        let requests_cpu = amount_of("requests_cpu", &self.requests_cpu);
        let limits_cpu = amount_of("limits_cpu", &self.limits_cpu);
        let requests_memory = amount_of("requests_memory", &self.requests_memory);
        let limits_memory = amount_of("limits_memory", &self.limits_memory);
        for (field, request, limit) in
            [("requests_cpu", requests_cpu, limits_cpu), ("requests_memory", requests_memory, limits_memory)]
        {
            if let (Some(request), Some(limit)) = (request, limit)
                && request > limit
            {
                problems.push(FieldProblem::new(field, Problem::MoreThanLimit));
            }
        }
        if self.service && ports.as_ref().is_some_and(Vec::is_empty) {
            problems.push(FieldProblem::new("ports", Problem::Required));
        }
        let (Some(name), Some(image), Some(replicas), Some(ports), Some(environment), true) =
            (name, image, replicas, ports, environment, problems.is_empty())
        else {
            return Err(problems);
        };
        let given = |cpu: Option<Quantity>, memory: Option<Quantity>| {
            let both = [("cpu", cpu), ("memory", memory)].into_iter();
            both.filter_map(|(resource, amount)| Some((resource, amount?))).collect()
        };
        Ok(Deployment {
            cluster: cluster.clone(),
            namespace: namespace.clone(),
            name,
            image,
            replicas,
            ports,
            environment,
            requests: given(requests_cpu, requests_memory),
            limits: given(limits_cpu, limits_memory),
            service: self.service,
            restricted: self.restricted,
        })
    }
}

/// `registry.example/team/app:1.2` or `…@sha256:…`; the registry decides the rest.
pub fn check_image(typed: &str) -> Result<String, Problem> {
    let image = typed.trim();
    if image.is_empty() {
        return Err(Problem::Required);
    }
    if image.len() > LONGEST_IMAGE as usize {
        return Err(Problem::TooLong { max: LONGEST_IMAGE });
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    let edges = |part: &str| part.starts_with(['/', ':', '@', '.', '-']) || part.ends_with(['/', ':', '@']);
    // A scheme is the most common slip.
    if !image.chars().all(known) || edges(image) || image.contains("//") {
        return Err(Problem::NotAnImage);
    }
    // Upper case is for the registry's port, the tag and the digest only.
    let path = image.split('@').next().unwrap_or(image);
    let last = path.rsplit('/').next().unwrap_or(path);
    let repository = last.split(':').next().unwrap_or(last);
    if repository.is_empty() || repository.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(Problem::NotAnImage);
    }
    Ok(image.to_owned())
}

/// A whole number of pods.
pub fn check_replicas(typed: &str) -> Result<u32, Problem> {
    let wrong = Problem::NotANumber { min: 0, max: MOST_REPLICAS };
    let count: u32 = typed.trim().parse().map_err(|_| wrong.clone())?;
    if count > MOST_REPLICAS { Err(wrong) } else { Ok(count) }
}

fn check_ports(typed: &str) -> Result<Vec<Port>, Problem> {
    let mut ports: Vec<Port> = Vec::new();
    for text in typed.split([',', ' ', '\n']).map(str::trim).filter(|text| !text.is_empty()) {
        let wrong = || Problem::NotAPort { text: text.to_owned() };
        let (name, rest) = text.split_once(':').map_or((None, text), |(name, rest)| (Some(name), rest));
        let (number, protocol) = rest.split_once('/').unwrap_or((rest, "TCP"));
        let protocol = match protocol.to_ascii_uppercase().as_str() {
            "TCP" => Protocol::Tcp,
            "UDP" => Protocol::Udp,
            _ => return Err(wrong()),
        };
        let number: u16 = number.parse().ok().filter(|number| *number > 0).ok_or_else(wrong)?;
        let name = match name {
            // An IANA service name: a label of at most 15 characters with a letter in it.
            Some(name)
                if check_label(name, 15).is_err() || !name.contains(|c: char| c.is_ascii_lowercase()) =>
            {
                return Err(wrong());
            }
            Some(name) => name.to_owned(),
            None => format!("{}-{number}", protocol.as_str().to_ascii_lowercase()),
        };
        if ports.iter().any(|port| port.name == name || (port.number, port.protocol) == (number, protocol)) {
            return Err(wrong());
        }
        ports.push(Port { name, number, protocol });
    }
    Ok(ports)
}

fn check_environment(typed: &str) -> Result<Vec<(String, String)>, Problem> {
    let lines = typed.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let variable = |(index, line): (usize, &str)| {
        let wrong = Problem::NotAVariable { line: u32::try_from(index).unwrap_or(0).saturating_add(1) };
        let (name, value) = line.split_once('=').ok_or_else(|| wrong.clone())?;
        let name = name.trim();
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if name.is_empty() || !name.chars().all(known) || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(wrong);
        }
        Ok((name.to_owned(), value.trim_end_matches('\r').to_owned()))
    };
    lines.map(variable).collect()
}

fn kept<T>(problems: &mut Vec<FieldProblem>, field: &str, checked: Result<T, Problem>) -> Option<T> {
    checked.map_err(|problem| problems.push(FieldProblem::new(field, problem))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(form: DeploymentForm) -> Result<Deployment, Vec<FieldProblem>> {
        form.check(&ClusterName::parse("local").unwrap(), &NamespaceName::parse("shop-web").unwrap())
    }

    fn good() -> DeploymentForm {
        DeploymentForm {
            name: "web".into(),
            image: "registry.example:5000/team/app:1.2".into(),
            replicas: "2".into(),
            ..Default::default()
        }
    }

    #[test]
    fn ports_and_variables_are_read_as_people_write_them() {
        let form = DeploymentForm {
            ports: "8080, 53/udp web:80".into(),
            environment: "GREETING=hello = world\n\nEMPTY=\r\n".into(),
            service: true,
            ..good()
        };

        let checked = check(form).unwrap();

        let port = |name: &str, number, protocol| Port { name: name.into(), number, protocol };
        assert_eq!(
            checked.ports,
            [
                port("tcp-8080", 8080, Protocol::Tcp),
                port("udp-53", 53, Protocol::Udp),
                port("web", 80, Protocol::Tcp)
            ]
        );
        assert_eq!(
            checked.environment,
            [("GREETING".to_owned(), "hello = world".to_owned()), ("EMPTY".to_owned(), String::new())]
        );
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let form = DeploymentForm {
            name: "Web".into(),
            image: "https://registry.example/app".into(),
            replicas: "many".into(),
            ports: "70000".into(),
            environment: "A=1\n2B=2".into(),
            requests_cpu: "2".into(),
            limits_cpu: "1".into(),
            limits_memory: "lots".into(),
            ..Default::default()
        };

        let fields: Vec<_> = check(form).unwrap_err().into_iter().map(|problem| problem.field).collect();

        assert_eq!(
            fields,
            ["name", "image", "replicas", "ports", "environment", "limits_memory", "requests_cpu"]
        );
    }

    #[test]
    fn images_are_named_as_registries_name_them() {
        for image in ["nginx", "nginx:1.27", "a.example/B/app:V1", "a@sha256:0123abcd", "localhost:5000/x_y"]
        {
            assert_eq!(check_image(image).as_deref(), Ok(image));
        }
        for image in ["nginx:", "Nginx", "a b", "/nginx", "a//b", "x@", "http://a/b"] {
            assert_eq!(check_image(image), Err(Problem::NotAnImage), "{image}");
        }
    }

    #[test]
    fn a_service_needs_a_port_and_no_port_comes_twice() {
        let without = check(DeploymentForm { service: true, ..good() }).unwrap_err();
        let twice = check(DeploymentForm { ports: "80, web:80".into(), ..good() }).unwrap_err();

        assert_eq!(without, [FieldProblem::new("ports", Problem::Required)]);
        assert_eq!(twice, [FieldProblem::new("ports", Problem::NotAPort { text: "web:80".into() })]);
    }
}
