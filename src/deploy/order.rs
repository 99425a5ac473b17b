//! What a change set is made of, and the call that makes it.

use std::path::Path;

use serde_json::{Value, json};

use super::aws::Call;
use super::cloud::MUTATION;

/// What a change set is made of.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The name of the stack.
    pub stack: &'a str,
    /// The name of the change set.
    pub name: &'a str,
    /// Whether the stack is to be made.
    pub creates: bool,
    /// The file with the template, or where it lies in S3.
    pub body: Body<'a>,
    /// Values of parameters; `None` is the value that the stack has.
    pub parameters: &'a [(String, Option<String>)],
    /// What CloudFormation wants to be told.
    pub capabilities: &'a [&'static str],
    /// Tags for the stack and all that it makes.
    pub tags: &'a [(String, String)],
    /// The role that CloudFormation takes.
    pub role: Option<&'a str>,
    /// Whether a stack that cannot be made is to be deleted.
    pub deletes_on_failure: bool,
}

/// Where the template is.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// A file on this machine, of at most 51,200 bytes.
    File(&'a Path),
    /// An object in S3.
    Url(&'a str),
}

impl Order<'_> {
    /// The call that makes it. Values of parameters go through standard input, where nobody else sees them.
    #[must_use]
    pub fn call(&self) -> Call {
        let kind = if self.creates { "CREATE" } else { "UPDATE" };
        let mut call = Call::new("cloudformation", "create-change-set")
            .with("--stack-name", self.stack)
            .with("--change-set-name", self.name)
            .with("--change-set-type", kind)
            .within(MUTATION);
        call = match self.body {
            Body::File(path) => call.with("--template-body", format!("file://{}", path.display())),
            Body::Url(url) => call.with("--template-url", url),
        };
        if !self.capabilities.is_empty() {
            call = call.flag("--capabilities");
            call = self.capabilities.iter().fold(call, |call, it| call.flag(it));
        }
        if !self.tags.is_empty() {
            let tags: Vec<_> =
                self.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
            call = call.with("--tags", Value::from(tags).to_string());
        }
        if let Some(role) = self.role {
            call = call.with("--role-arn", role);
        }
        if self.deletes_on_failure && self.creates {
            call = call.with("--on-stack-failure", "DELETE");
        }
        if self.parameters.is_empty() {
            return call;
        }
        let one = |(key, value): &(String, Option<String>)| match value {
            Some(value) => json!({"ParameterKey": key, "ParameterValue": value}),
            None => json!({"ParameterKey": key, "UsePreviousValue": true}),
        };
        let list: Vec<_> = self.parameters.iter().map(one).collect();
        call.secretly("--parameters", Value::from(list).to_string())
    }
}
