//! One question to the AWS Price List, through the aws CLI.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::cli::program;
use crate::deploy::aws::{Aws, Call};
use crate::deploy::failure::{self, Kind};
use crate::report::sanitize;

/// How long one question may take.
const LIMIT: Duration = Duration::from_secs(20);

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Failure {
    #[error("the aws CLI is not on PATH")]
    Missing,
    #[error("the aws CLI has no valid credentials (`aws sts get-caller-identity` tells more)")]
    Credentials,
    #[error("the aws CLI gave no answer within {} seconds", LIMIT.as_secs())]
    Timeout,
    #[error("the aws CLI failed: {0}")]
    Failed(String),
    #[error("the answer of the aws CLI is not understood")]
    Answer,
}

impl Failure {
    /// The failure as one harmless line.
    pub(super) fn shown(&self) -> String {
        sanitize::short(&self.to_string(), 300)
    }
}

impl From<failure::Failure> for Failure {
    fn from(failure: failure::Failure) -> Failure {
        match failure.kind {
            Kind::Missing => Failure::Missing,
            Kind::TimedOut => Failure::Timeout,
            Kind::Garbled => Failure::Answer,
            kind if kind.is_login() => Failure::Credentials,
            _ => Failure::Failed(failure.text),
        }
    }
}

/// The On-Demand price of a type, Linux, shared tenancy, in US dollars an hour; `None` where AWS names none.
pub(super) fn price(name: &str, region: &str) -> Result<Option<f64>, Failure> {
    let program: PathBuf = program::find("aws").ok_or(Failure::Missing)?;
    // The Price List is asked in us-east-1, whatever region the price is of (GetProducts in its API reference).
    let aws = Aws { program, region: Some("us-east-1".to_owned()), profile: None };
    read(&aws.call(&question(name, region))?, name, region)
}

fn question(name: &str, region: &str) -> Call {
    let filters = [
        ("instanceType", name),
        ("regionCode", region),
        ("operatingSystem", "Linux"),
        ("preInstalledSw", "NA"),
        ("tenancy", "Shared"),
        ("capacitystatus", "Used"),
        ("marketoption", "OnDemand"),
    ];
    let mut call = Call::new("pricing", "get-products").within(LIMIT);
    let fixed = "--service-code AmazonEC2 --format-version aws_v1 --max-results 1 --filters";
    call.words.extend(fixed.split(' ').map(str::to_owned));
    call.words
        .extend(filters.iter().map(|(field, value)| format!("Type=TERM_MATCH,Field={field},Value={value}")));
    call
}

/// The price in an answer: `PriceList[]`, texts of JSON, each with
/// `terms.OnDemand.*.priceDimensions.*.pricePerUnit.USD`.
fn read(answer: &Value, name: &str, region: &str) -> Result<Option<f64>, Failure> {
    let list = answer.get("PriceList").and_then(Value::as_array).ok_or(Failure::Answer)?;
    for item in list {
        let product: Value = match item {
            Value::String(text) => serde_json::from_str(text).map_err(|_| Failure::Answer)?,
            other => other.clone(),
        };
        let attribute = |key: &str| product.pointer(&format!("/product/attributes/{key}"))?.as_str();
        if attribute("instanceType") != Some(name) || attribute("regionCode") != Some(region) {
            continue;
        }
        let children = |it: &Value, key: &str| -> Vec<Value> {
            it.get(key)
                .and_then(Value::as_object)
                .map(|it| it.values().cloned().collect())
                .unwrap_or_default()
        };
        let terms = product.get("terms").map(|it| children(it, "OnDemand")).unwrap_or_default();
        let dimensions = terms.iter().flat_map(|it| children(it, "priceDimensions"));
        let mut usd = dimensions.filter_map(|it| it.pointer("/pricePerUnit/USD")?.as_str()?.parse().ok());
        if let Some(usd) = usd.find(|it: &f64| it.is_finite() && *it > 0.0) {
            return Ok(Some(usd));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let of = |text: &str| {
            let answer = serde_json::from_str(text).expect("JSON");
            read(&answer, "t3.micro", "eu-west-1")
        };
        assert_eq!(of("{\"PriceList\": []}"), Ok(None));
        assert_eq!(of("{}"), Err(Failure::Answer));
        assert_eq!(of("{\"PriceList\": [\"{\"]}"), Err(Failure::Answer));
        let product = |kind: &str, usd: &str| {
            format!(
                r#"{{"PriceList": [{{"product": {{"attributes": {{"instanceType": "{kind}", "regionCode": "eu-west-1"}}}},
                "terms": {{"OnDemand": {{"a": {{"priceDimensions": {{"b": {{"pricePerUnit": {{"USD": "{usd}"}}}}}}}}}}}}}}]}}"#
            )
        };
        assert_eq!(of(&product("t3.micro", "0.0114000000")), Ok(Some(0.0114)));
        assert_eq!(of(&product("t3.small", "0.0228")), Ok(None));
        assert_eq!(of(&product("t3.micro", "0.0000000000")), Ok(None));
        assert_eq!(of(&product("t3.micro", "inf")), Ok(None));
    }
}
