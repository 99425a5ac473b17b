//! What was said of the deployment and is most likely a slip: a note each, since a parameter may be another template's
//! and a region newer than the tables.

use super::Options;
use crate::catalog::regions;
use crate::template::Template;
use crate::text::near;

/// More misspelt names than this are noise, and each one costs a look at all parameters.
const MAX_NAMES: usize = 20;

/// The notes about the values for a template.
pub(super) fn notes(template: &Template<'_>, options: &Options) -> Vec<String> {
    let mut res = Vec::new();
    let unknown = options.parameters.keys().filter(|it| template.parameters.get(it).is_none());
    for name in unknown.take(MAX_NAMES) {
        // One that is like none of them is for another template of the run.
        let known = template.parameters.iter().map(|it| it.id);
        if let [nearest, ..] = near(name, known, 1)[..] {
            res.push(format!("the template has no parameter `{name}`; did you mean `{nearest}`?"));
        }
    }
    if let Some(region) = options.region.as_deref().filter(|it| !regions::is_known(it))
        && let [nearest, ..] = near(region, regions::all(), 1)[..]
    {
        res.push(format!("no table knows the region `{region}`; did you mean `{nearest}`?"));
    }
    res
}

#[cfg(test)]
mod tests {
    use crate::lint::{self, Options};

    fn check(parameter: &str, region: &str, expected: &[&str]) {
        let parameters = [(parameter.to_owned(), "x".to_owned())].into();
        let options = Options { parameters, region: Some(region.to_owned()), ..Options::default() };
        let text = "Parameters: {Stage: {Type: String}}\nResources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Stage}}}";
        assert_eq!(lint::check(text.as_bytes(), &options).notes, expected);
    }

    #[test]
    fn a_slip_is_told_and_another_name_is_not() {
        check("Stage", "us-east-1", &[]);
        check("Satge", "eu-west-1", &["the template has no parameter `Satge`; did you mean `Stage`?"]);
        check("Owner", "us-esat-1", &["no table knows the region `us-esat-1`; did you mean `us-east-1`?"]);
        check("Owner", "xx-nowhere-99", &[]);
    }
}
