//! A tree read as a CloudFormation template: its sections, its resources, its functions.
//!
//! Invariants: nothing here fails, a section of the wrong shape is simply empty (rule ECS009 tells the user);
//! nothing is copied, every part is a handle on the tree; no value is worked out, that is [`crate::resolve`].

mod expr;
mod function;
mod reference;
mod sub;
mod walk;

pub use expr::{Expr, Misuse, Name, Operand, expr};
pub use function::Function;
pub use reference::{Form, MAX_REFERENCES, PSEUDO_PARAMETERS, Reference, Target};
pub use sub::{SubPart, sub_parts};
pub use walk::{Block, Site, calls, counting};

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::syntax::{Kind, Node};

/// A CloudFormation template.
#[derive(Debug)]
pub struct Template<'t> {
    /// The top mapping.
    pub root: Node<'t>,
    /// `Parameters`, in the order of the text; of duplicates the last one.
    pub parameters: Section<'t>,
    /// `Mappings`.
    pub mappings: Section<'t>,
    /// `Conditions`.
    pub conditions: Section<'t>,
    /// `Rules`.
    pub rules: Section<'t>,
    /// `Resources`.
    pub resources: Section<'t>,
    /// `Outputs`.
    pub outputs: Section<'t>,
    /// What names, attributes, sections and types may come from besides the text.
    pub transforms: Transforms,
    by_type: HashMap<&'t str, Vec<usize>>,
    handed_on: OnceCell<HashSet<&'t str>>,
}

/// What a template says about macros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transforms {
    /// `AWS::LanguageExtensions` is on.
    pub language_extensions: bool,
    /// A transform other than that one is used: SAM, Include, a macro. It may add anything.
    pub macros: bool,
    /// `Fn::ForEach` stands somewhere: names in that section are made by it.
    pub loops: bool,
}

/// The named entries of a section.
#[derive(Clone, Debug, Default)]
pub struct Section<'t> {
    entries: Vec<Entry<'t>>,
    by_name: HashMap<&'t str, usize>,
}

/// One named entry: a parameter, a mapping, a condition, a resource.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'t> {
    /// Its logical id.
    pub id: &'t str,
    /// Where the id stands.
    pub key: Node<'t>,
    /// What it says.
    pub node: Node<'t>,
    type_name: &'t str,
    properties: Option<Node<'t>>,
    condition: Option<Node<'t>>,
}

impl<'t> Template<'t> {
    /// Reads `root` as a template.
    #[must_use]
    pub fn new(root: Node<'t>) -> Template<'t> {
        let section = |name| Section::new(root.get(name));
        let resources = section("Resources");
        let mut by_type: HashMap<&str, Vec<usize>> = HashMap::new();
        for (idx, resource) in resources.iter().enumerate() {
            by_type.entry(resource.type_name()).or_default().push(idx);
        }
        Template {
            root,
            parameters: section("Parameters"),
            mappings: section("Mappings"),
            conditions: section("Conditions"),
            rules: section("Rules"),
            resources,
            outputs: section("Outputs"),
            transforms: Transforms::new(root),
            by_type,
            handed_on: OnceCell::new(),
        }
    }

    /// Whether `root` is the top of a CloudFormation template: by `AWSTemplateFormatVersion`, an AWS transform, or
    /// a resource with a type.
    #[must_use]
    pub fn is_one(root: Node<'_>) -> bool {
        let typed = |section: Node<'_>| {
            section.entries().any(|(_, it)| it.get("Type").is_some_and(|it| it.text().contains("::")))
        };
        let transformed = |it: Node<'_>| it.descendants().any(|it| it.text().starts_with("AWS::"));
        root.get("AWSTemplateFormatVersion").is_some()
            || root.get("Transform").is_some_and(transformed)
            || root.get("Resources").is_some_and(typed)
    }

    /// Whether parts of the template come from elsewhere than the text: then one that is missing proves nothing.
    ///
    /// Macros add parts, merge keys at the top and in sections too; SAM works on its own types even where a fragment
    /// leaves the transform out; `Modules` and `Rain` are sections that `aws cloudformation package` and `rain`
    /// replace before anything is sent.
    #[must_use]
    pub fn has_foreign_parts(&self) -> bool {
        let merged = |it: Node<'_>| it.kind() == Kind::Alias || it.get("<<").is_some();
        let mut sections = self.root.entries();
        self.transforms.macros
            || self.resources.iter().any(|it| it.type_name().starts_with("AWS::Serverless::"))
            || self.root.get("<<").is_some()
            || sections.any(|(key, section)| ["Modules", "Rain"].contains(&key.text()) || merged(section))
    }

    /// Whether names may come from elsewhere than the text: from foreign parts, or from loops.
    #[must_use]
    pub fn takes_names_from_elsewhere(&self) -> bool {
        self.transforms.loops || self.has_foreign_parts()
    }

    /// The types of its resources, each once, in no order.
    pub fn types(&self) -> impl Iterator<Item = &'t str> + use<'_, 't> {
        self.by_type.keys().copied()
    }

    /// All resources of one of these types, in the order of the text.
    pub fn resources_of(&self, types: &[&str]) -> impl Iterator<Item = &Entry<'t>> + use<'_, 't> {
        let lists = types.iter().filter_map(|it| self.by_type.get(it));
        let mut found: Vec<usize> = lists.flatten().copied().collect();
        found.sort_unstable();
        found.into_iter().map(|idx| &self.resources.entries[idx])
    }

    /// Whether the name stands in a resource that may do anything with what it is given: a nested stack, a custom
    /// resource, a module.
    #[must_use]
    pub fn is_handed_on(&self, name: &str) -> bool {
        let words = || {
            let foreign = self.resources.iter().filter(|it| is_foreign(it.type_name()));
            let texts = foreign.flat_map(|it| it.node.descendants()).map(Node::text);
            texts.flat_map(|it| it.split(|it: char| !it.is_ascii_alphanumeric())).collect()
        };
        self.handed_on.get_or_init(words).contains(name)
    }

    /// The resource of this id.
    #[must_use]
    pub fn resource(&self, id: &str) -> Option<&Entry<'t>> {
        self.resources.get(id)
    }
}

impl<'t> Section<'t> {
    fn new(node: Option<Node<'t>>) -> Section<'t> {
        let mut res = Section::default();
        for (key, node) in node.into_iter().flat_map(Node::entries) {
            if key.kind() != Kind::Scalar || key.text().starts_with("Fn::") {
                continue;
            }
            let entry = Entry::new(key, node);
            match res.by_name.get(entry.id) {
                Some(idx) => res.entries[*idx] = entry,
                None => {
                    res.by_name.insert(entry.id, res.entries.len());
                    res.entries.push(entry);
                }
            }
        }
        res
    }

    /// The entry of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Entry<'t>> {
        Some(&self.entries[*self.by_name.get(name)?])
    }

    /// All entries in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry<'t>> {
        self.entries.iter()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'a, 't> IntoIterator for &'a Section<'t> {
    type Item = &'a Entry<'t>;
    type IntoIter = std::slice::Iter<'a, Entry<'t>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'t> Entry<'t> {
    fn new(key: Node<'t>, node: Node<'t>) -> Entry<'t> {
        Entry {
            id: key.text(),
            key,
            node,
            type_name: node.get("Type").map_or("", Node::text),
            properties: node.get("Properties"),
            condition: node.get("Condition").filter(|it| it.kind() == Kind::Scalar),
        }
    }

    /// `Type`; empty when there is none.
    #[must_use]
    pub fn type_name(&self) -> &'t str {
        self.type_name
    }

    /// `Properties`.
    #[must_use]
    pub fn properties(&self) -> Option<Node<'t>> {
        self.properties
    }

    /// The name under `Condition`.
    #[must_use]
    pub fn condition(&self) -> Option<Node<'t>> {
        self.condition
    }

    /// The names under `DependsOn`.
    pub fn depends_on(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let node = self.node.get("DependsOn");
        let one = node.filter(|it| it.kind() == Kind::Scalar);
        let many = node.into_iter().flat_map(Node::items).filter(|it| it.kind() == Kind::Scalar);
        one.into_iter().chain(many)
    }
}

fn is_foreign(type_name: &str) -> bool {
    type_name.starts_with("Custom::")
        || type_name.ends_with("::MODULE")
        || ["AWS::CloudFormation::Stack", "AWS::CloudFormation::CustomResource"].contains(&type_name)
}

impl Transforms {
    fn new(root: Node<'_>) -> Transforms {
        let mut res = Transforms::default();
        let names = root.get("Transform").into_iter().flat_map(Node::descendants);
        for name in names.filter(|it| it.kind() == Kind::Scalar) {
            match name.text() {
                "AWS::LanguageExtensions" => res.language_extensions = true,
                _ => res.macros = true,
            }
        }
        for node in root.descendants() {
            let tagged = node.tag().is_some_and(|it| it.name == "!Transform");
            if tagged || (node.kind() == Kind::Scalar && node.text() == "Fn::Transform") {
                res.macros = true;
            }
            if node.kind() == Kind::Scalar && node.text().starts_with("Fn::ForEach::") {
                res.loops = true;
            }
        }
        res
    }
}
