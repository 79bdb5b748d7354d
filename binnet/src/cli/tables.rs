//! Tables as text, Markdown or LaTeX.

use std::fmt::Write as _;

/// A table with a title and named columns.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) head: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(title: impl Into<String>, head: &[&'static str]) -> Self {
        Self { title: title.into(), head: head.to_vec(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Aligned columns under the title.
    pub(super) fn text(&self) -> String {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row.get(column).map_or(0, |cell| cell.chars().count()));
            cells.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let mut text = format!("{}\n", self.title);
        for row in &self.rows {
            let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
        }
        text
    }

    pub(super) fn markdown(&self) -> String {
        let escaped = |cell: &String| cell.replace('|', "\\|");
        let mut text =
            format!("## {}\n\n| {} |\n|{}\n", self.title, self.head.join(" | "), " --- |".repeat(self.head.len()));
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.iter().map(escaped).collect::<Vec<_>>().join(" | "));
        }
        text + "\n"
    }

    pub(super) fn latex(&self) -> String {
        let columns = "l".repeat(self.head.len().saturating_sub(1));
        let row = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
        let mut text =
            format!("\\subsection*{{{}}}\n\\begin{{tabular}}{{{columns}p{{8cm}}}}\n\\hline\n", latex(&self.title));
        text += &row(self.head.iter().map(|cell| format!("\\textbf{{{}}}", latex(cell))).collect());
        text += "\\hline\n";
        for cells in &self.rows {
            text += &row(cells.iter().map(|cell| latex(cell)).collect());
        }
        text + "\\hline\n\\end{tabular}\n\n"
    }
}

/// Text with the characters escaped that mean something else in LaTeX.
pub(super) fn latex(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '_' | '%' | '&' | '#' | '$' | '{' | '}' => {
                out.push('\\');
                out.push(letter);
            }
            '\\' => out += "\\textbackslash{}",
            '^' => out += "\\^{}",
            '~' => out += "\\~{}",
            '<' => out += "$<$",
            '>' => out += "$>$",
            '|' => out += "$|$",
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms() {
        let mut table = Table::new("Values", &["name", "value"]);
        table.row(["exc.tau_m", "|t| 5 %"]);
        table.row(["v", "1"]);
        assert_eq!(table.text(), "Values\n  exc.tau_m  |t| 5 %\n  v          1\n");
        let markdown = "## Values\n\n| name | value |\n| --- | --- |\n| exc.tau_m | \\|t\\| 5 % |\n| v | 1 |\n\n";
        assert_eq!(table.markdown(), markdown);
        assert!(table.latex().contains("exc.tau\\_m & $|$t$|$ 5 \\% \\\\\n"));
    }
}
