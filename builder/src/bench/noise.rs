//! How sure a figure is, and how many of its digits may be shown.
//!
//! A thing is measured once in each round. The figure is the median of the
//! rounds. What a round gives is spread by whatever else the machine does, and
//! nobody knows how: so the interval about the median is that of two of the
//! ordered rounds (the sign test's), which holds for every distribution.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// The share of runs in which the interval is to hold the true median.
const CONFIDENCE: f64 = 0.95;

/// More digits than these are never shown: no machine is that calm.
const MOST_DIGITS: i32 = 3;

/// A median of rounds and the interval that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Figure {
    pub value: f64,
    /// The interval's ends; there are none after one round.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The share of runs whose interval holds the true median: less than 0.95
    /// where there were fewer than six rounds.
    pub confidence: Option<f64>,
    /// How often it was measured.
    pub rounds: usize,
}

impl Figure {
    /// Of what the rounds gave; nothing of none.
    pub fn of(mut values: Vec<f64>) -> Option<Figure> {
        values.sort_by(f64::total_cmp);
        let rounds = values.len();
        let value = median(&values)?;
        if rounds == 1 {
            return Some(Figure { value, low: None, high: None, confidence: None, rounds });
        }
        let (outside, confidence) = outside_of_interval(rounds);
        Some(Figure {
            value,
            low: Some(values[outside]),
            high: Some(values[rounds - 1 - outside]),
            confidence: Some(confidence),
            rounds,
        })
    }

    /// Half of the interval's width, towards its farther end.
    pub fn spread(&self) -> Option<f64> {
        Some((self.high? - self.value).max(self.value - self.low?))
    }

    /// Whether the interval, or the lack of one, leaves `value` possible.
    pub fn allows(&self, value: f64) -> bool {
        self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| high >= value)
    }

    /// The figure in another unit.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Figure {
        let scale = |end: Option<f64>| end.map(|end| end * factor);
        Figure { value: self.value * factor, low: scale(self.low), high: scale(self.high), ..self }
    }

    /// Without the digits that the noise does not allow: the last that is left is
    /// the first of the spread. One is always left, as after one round.
    #[must_use]
    pub fn rounded(self) -> Figure {
        let unit = 10_f64.powi(self.place());
        // Divided by a whole number where there are decimals, so that 0.1 stays 0.1.
        let at = |value: f64| match self.place() {
            place if place < 0 => value.round() / 10_f64.powi(-place),
            _ => value.round() * unit,
        };
        Figure {
            value: at(self.value / unit),
            low: self.low.map(|low| at((low / unit).floor())),
            high: self.high.map(|high| at((high / unit).ceil())),
            confidence: self.confidence.map(|share| (share * 1e3).round() / 1e3),
            ..self
        }
    }

    /// The power of ten of the last digit that may be shown.
    fn place(&self) -> i32 {
        let first = magnitude(self.value);
        match self.spread() {
            None => first,
            Some(spread) if spread > 0.0 => magnitude(spread).clamp(first + 1 - MOST_DIGITS, first),
            Some(_) => first + 1 - MOST_DIGITS,
        }
    }
}

/// `0.083 ± 0.004`; `0.2 to 4` where the noise is larger than the value, and after
/// one round `~0.08`.
impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place();
        let decimals = usize::try_from(-place).unwrap_or(0);
        let value = self.rounded().value;
        if value == 0.0 && self.spread().is_none_or(|spread| spread == 0.0) {
            return formatter.write_str("0");
        }
        let Some(spread) = self.spread() else {
            return write!(formatter, "~{value:.decimals$}");
        };
        if spread >= self.value.abs() {
            let low = one_digit(self.low.unwrap_or_default(), f64::floor);
            return write!(
                formatter,
                "{low} to {}",
                one_digit(self.high.unwrap_or_default(), f64::ceil)
            );
        }
        // Rounded up: less noise than there was is never claimed.
        let unit = 10_f64.powi(place);
        let spread = (spread / unit - 1e-9).ceil().max(1.0) * unit;
        write!(formatter, "{value:.decimals$} ± {spread:.decimals$}")
    }
}

/// A number with its first digit alone, rounded up or down to it.
fn one_digit(value: f64, round: fn(f64) -> f64) -> String {
    let place = magnitude(value);
    let unit = 10_f64.powi(place);
    // 0.3 is a little less than three tenths: that is no reason to go down to 0.2.
    let value = round((value / unit * 1e9).round() / 1e9) * unit;
    let decimals = usize::try_from(-place).unwrap_or(0);
    format!("{value:.decimals$}")
}

/// The power of ten of a number's first digit.
fn magnitude(value: f64) -> i32 {
    let power = value.abs().log10().floor();
    // Nothing, and what is no number, has no first digit.
    if power.is_finite() { power as i32 } else { 0 }
}

/// The middle of sorted values.
fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        count if count % 2 == 1 => sorted.get(middle).copied(),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

/// How many of so many ordered rounds lie outside of the interval at each end,
/// and how sure it is then.
fn outside_of_interval(rounds: usize) -> (usize, f64) {
    let count = i32::try_from(rounds).unwrap_or(i32::MAX);
    let mut chance = 0.5_f64.powi(count); // of exactly this many rounds below the median
    let mut missed = 2.0 * chance;
    let mut outside = 0;
    loop {
        let next = outside + 1;
        chance *= (rounds - outside) as f64 / next as f64;
        let wider = missed + 2.0 * chance;
        if wider > 1.0 - CONFIDENCE || 2 * next >= rounds {
            return (outside, 1.0 - missed);
        }
        (outside, missed) = (next, wider);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, spread: f64) -> Figure {
        Figure {
            value,
            low: Some(value - spread),
            high: Some(value + spread),
            confidence: Some(0.95),
            rounds: 7,
        }
    }

    #[test]
    fn no_digit_is_shown_that_the_noise_does_not_allow() {
        let shown = [
            (0.083_12, 0.0041, "0.083 ± 0.005"),
            (0.083_12, 0.04, "0.08 ± 0.04"),
            (0.083_12, 0.000_001, "0.0831 ± 0.0001"),
            (12.432, 0.0, "12.4 ± 0.1"),
            (9_812.0, 312.0, "9800 ± 400"),
            (9_812.0, 96.0, "9810 ± 100"),
            (9_812.0, 11_312.0, "-2000 to 30000"),
            (0.0, 0.0, "0"),
        ];
        for (value, spread, text) in shown {
            assert_eq!(figure(value, spread).to_string(), text);
        }
        assert_eq!(Figure::of(vec![0.31, 0.36, 4.1]).unwrap().to_string(), "0.3 to 5");
        assert_eq!(Figure::of(vec![5.86]).unwrap().to_string(), "~6");
        assert_eq!(Figure::of(vec![]), None);
    }

    #[test]
    fn data_are_rounded_too_and_the_interval_outwards() {
        let rounded = figure(0.083_12, 0.0041).rounded();
        assert_eq!((rounded.value, rounded.low, rounded.high), (0.083, Some(0.079), Some(0.088)));
        let rounded = figure(9_812.0, 312.0).rounded();
        assert_eq!(
            (rounded.value, rounded.low, rounded.high),
            (9_800.0, Some(9_500.0), Some(10_200.0))
        );
        assert_eq!(Figure::of(vec![5.86]).unwrap().rounded().value, 6.0);
    }

    /// The numbers are those of tables of the sign test.
    #[test]
    fn the_interval_is_as_wide_as_the_confidence_asks() {
        let known = [(2, 0, 0.5), (5, 0, 0.9375), (6, 0, 0.968_75), (7, 0, 0.984_375)];
        for (rounds, outside, confidence) in known {
            assert_eq!(outside_of_interval(rounds), (outside, confidence), "{rounds}");
        }
        let (outside, confidence) = outside_of_interval(9);
        assert_eq!(outside, 1);
        assert!((confidence - 0.9609).abs() < 1e-3, "{confidence}");
        let (outside, confidence) = outside_of_interval(20);
        assert_eq!(outside, 5);
        assert!((confidence - 0.9586).abs() < 1e-3, "{confidence}");
    }

    #[test]
    fn one_bad_round_moves_neither_the_median_nor_the_interval_far() {
        let values = vec![1.0, 1.1, 0.9, 1.0, 1.05, 0.95, 1.0, 1.02, 50.0];
        let figure = Figure::of(values).unwrap();
        assert_eq!((figure.value, figure.low, figure.high), (1.0, Some(0.95), Some(1.1)));
        assert!(figure.allows(1.0) && !figure.allows(1.2) && !figure.allows(0.5));
        assert!(Figure::of(vec![3.0]).unwrap().allows(1.0));
    }
}
