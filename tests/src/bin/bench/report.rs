//! The table that a measurement ends up in, a line as soon as it is known.

#[expect(clippy::print_stdout, reason = "the table is what the command is for")]
mod shown {
    pub(crate) fn line(text: &str) {
        println!("{text}");
    }
}

/// Lines printed so far share one form: what, measured, budget, and what it was measured against.
pub(crate) struct Report;

impl Report {
    pub(crate) fn new() -> Self {
        shown::line(&format!(
            "\n{:<54} {:>14} {:>14}  {}",
            "median", "measured", "budget", "beside"
        ));
        Self
    }

    /// A number that has to stay at or below its budget.
    pub(crate) fn at_most(
        &mut self,
        what: &str,
        measured: f64,
        budget: f64,
        unit: &str,
        beside: &str,
    ) {
        self.line(what, measured, budget, unit, beside, measured <= budget);
    }

    /// A number that has to reach its budget.
    pub(crate) fn at_least(
        &mut self,
        what: &str,
        measured: f64,
        budget: f64,
        unit: &str,
        beside: &str,
    ) {
        self.line(what, measured, budget, unit, beside, measured >= budget);
    }

    /// A number that has no budget.
    pub(crate) fn note(&mut self, what: &str, measured: f64, unit: &str, beside: &str) {
        let measured = number(measured, unit);
        shown::line(&format!("{what:<54} {measured:>14} {:>14}  {beside}", ""));
    }

    fn line(
        &mut self,
        what: &str,
        measured: f64,
        budget: f64,
        unit: &str,
        beside: &str,
        within: bool,
    ) {
        let mark = if within { "" } else { "  OVER" };
        let (measured, budget) = (number(measured, unit), number(budget, unit));
        shown::line(&format!(
            "{what:<54} {measured:>14} {budget:>14}  {beside}{mark}"
        ));
    }
}

fn number(value: f64, unit: &str) -> String {
    match unit {
        "x" => format!("{value:.2} x"),
        _ if value >= 1000.0 => format!("{value:.0} {unit}"),
        _ => format!("{value:.2} {unit}"),
    }
}

/// The middle of some values; 0 of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_one_slow_round() {
        assert_eq!(median(vec![3.0, 900.0, 1.0]), 3.0);
        assert_eq!(median(Vec::new()), 0.0);
    }
}
