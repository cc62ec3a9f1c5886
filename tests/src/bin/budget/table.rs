//! The table: what, budget, measured, share of the budget.

use std::time::Duration;

/// A number with what it counts.
#[derive(Debug, Clone, Copy)]
pub enum Amount {
    /// A time.
    Time(Duration),
    /// Megabytes in a second: the more, the better.
    Speed(f64),
    /// Bytes of memory.
    Memory(u64),
}

impl Amount {
    fn show(self) -> String {
        match self {
            Amount::Time(time) if time.as_secs_f64() >= 0.1 => {
                format!("{:.2} s", time.as_secs_f64())
            }
            Amount::Time(time) => format!("{:.2} ms", time.as_secs_f64() * 1e3),
            Amount::Speed(speed) => format!("{speed:.0} MB/s"),
            Amount::Memory(bytes) => format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20)),
        }
    }

    /// How much of `budget` this uses up.
    fn share(self, budget: Amount) -> f64 {
        match (self, budget) {
            (Amount::Time(time), Amount::Time(budget)) => time.as_secs_f64() / budget.as_secs_f64(),
            (Amount::Speed(speed), Amount::Speed(budget)) => budget / speed,
            (Amount::Memory(bytes), Amount::Memory(budget)) => bytes as f64 / budget as f64,
            _ => f64::NAN,
        }
    }
}

/// The rows so far.
pub struct Table {
    only: Vec<String>,
    rows: Vec<[String; 4]>,
}

impl Table {
    /// A table of what has one of those words in its name; of everything where there are none.
    pub fn new(only: Vec<String>) -> Table {
        let head = ["what", "budget", "measured", "share"].map(str::to_owned);
        Table { only, rows: vec![head] }
    }

    /// Whether any of these rows is wanted.
    pub fn wants(&self, names: &[&str]) -> bool {
        let wanted = |name: &&str| self.only.iter().any(|word| name.contains(word.as_str()));
        self.only.is_empty() || names.iter().any(wanted)
    }

    /// Adds a row, and says on the terminal that it is there.
    pub fn row(&mut self, what: &str, budget: Option<Amount>, measured: Amount) {
        let share = budget.map_or(String::new(), |budget| format!("{:.2}", measured.share(budget)));
        let budget = budget.map_or(String::new(), Amount::show);
        eprintln!("{what}: {}", measured.show());
        self.rows.push([what.to_owned(), budget, measured.show(), share]);
    }

    /// The table in Markdown.
    pub fn finish(&self) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths = [width(0), width(1), width(2), width(3)];
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            text += &format!(
                "| {:<w0$} | {:>w1$} | {:>w2$} | {:>w3$} |\n",
                row[0],
                row[1],
                row[2],
                row[3],
                w0 = widths[0],
                w1 = widths[1],
                w2 = widths[2],
                w3 = widths[3],
            );
            if number == 0 {
                let [first, rest @ ..] = widths;
                text += &format!("|{}|", "-".repeat(first + 2));
                rest.iter().for_each(|width| text += &format!("{}:|", "-".repeat(width + 1)));
                text.push('\n');
            }
        }
        text
    }
}
