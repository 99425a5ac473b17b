//! The prices, and the factors that carry a price of us-east-1 over to another region.

use std::collections::BTreeMap;
use std::io::Result;

use crate::input::Facts;
use crate::output::Output;
use crate::regions::Regions;
use crate::sources::Sources;

/// The prices that the factors were reckoned from.
const FACTORS: (&str, &str) = ("tedivm/ec2details api/ec2instances.json @b7df874 (MIT)", "2022-11-22");

/// Writes both tables.
pub(crate) fn generate(
    facts: &Facts,
    regions: &Regions,
    sources: &mut Sources,
    output: &mut Output,
) -> Result<()> {
    let mut by_type: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for row in facts.table("ec2_prices.tsv")? {
        let source = sources.number(row.text("source")?, row.text("date")?)?;
        let usd = row.text("usd_per_hour")?;
        if usd.parse::<f64>().is_err() {
            return Err(row.wrong(&format!("`{usd}` is no price")));
        }
        let price = format!("{}:{usd}", regions.number(row.text("region")?)?);
        by_type.entry(row.text("type")?.to_owned()).or_default().entry(source).or_default().push(price);
    }
    // A row is the type, then a source and its prices, as often as needed.
    let fields = |it: BTreeMap<String, Vec<String>>| {
        it.into_iter().flat_map(|(source, prices)| [source, prices.join(" ")]).collect()
    };
    output.table("prices.tsv", by_type.into_iter().map(|(key, it)| (key, fields(it))).collect())?;

    let mut by_region: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in facts.table("region_multipliers.tsv")? {
        let factor = format!("{}:{}", row.text("family")?, row.text("median_ratio_to_us_east_1")?);
        by_region.entry(row.text("region")?.to_owned()).or_default().push(factor);
    }
    sources.of_table("factors", FACTORS)?;
    output.table("factors.tsv", by_region.into_iter().map(|(key, it)| (key, vec![it.join(" ")])).collect())
}
