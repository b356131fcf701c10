//! Finding the "tables" of a sheet: blocks of filled cells that touch, corners included.

use crate::google::grid::{Area, Cell};

/// What is known of a sheet's tables; forgotten when a cell changes in a way not followed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables(Option<Vec<Area>>);

impl Tables {
    pub(crate) fn forget(&mut self) {
        self.0 = None;
    }

    /// The tables of these cells, by their last row.
    pub(crate) fn of(&mut self, cells: &[Vec<Cell>]) -> &[Area] {
        self.0.get_or_insert_with(|| find(cells))
    }

    /// Follows a row written directly below `table`, if that can only have made it longer.
    pub(crate) fn extend(&mut self, table: Area, row: usize, filled: &[usize]) {
        let (Some(first), Some(last)) = (filled.iter().min(), filled.iter().max()) else {
            return;
        };
        let Some(tables) = &mut self.0 else {
            return;
        };
        let within = row == table.bottom + 1 && *first >= table.left && *last <= table.right;
        let grown = Area {
            bottom: row,
            ..table
        };
        let ring = ring(grown);
        let alone = tables
            .iter()
            .all(|other| *other == table || !other.meets(ring));
        match tables.iter_mut().find(|known| **known == table) {
            Some(known) if within && alone => {
                *known = grown;
                sort(tables);
            }
            _ => self.forget(),
        }
    }
}

/// `area` and one cell all round.
fn ring(area: Area) -> Area {
    Area {
        top: area.top.saturating_sub(1),
        left: area.left.saturating_sub(1),
        bottom: area.bottom + 1,
        right: area.right + 1,
    }
}

/// A table being put together: its bounds, and the runs of filled cells it is made of.
struct Block {
    bounds: Area,
    runs: Vec<Area>,
}

impl Block {
    /// Whether a filled cell of `other` lies in this one's bounds or directly round them.
    fn reaches(&self, other: &Self) -> bool {
        let ring = ring(self.bounds);
        ring.meets(other.bounds) && other.runs.iter().any(|run| ring.meets(*run))
    }

    fn absorb(&mut self, other: Self) {
        self.bounds = Area {
            top: self.bounds.top.min(other.bounds.top),
            left: self.bounds.left.min(other.bounds.left),
            bottom: self.bounds.bottom.max(other.bounds.bottom),
            right: self.bounds.right.max(other.bounds.right),
        };
        self.runs.extend(other.runs);
    }
}

fn find(cells: &[Vec<Cell>]) -> Vec<Area> {
    let mut done: Vec<Block> = Vec::new();
    let mut open: Vec<Block> = Vec::new();
    for (row, cells) in cells.iter().enumerate() {
        for run in runs(row, cells) {
            let mut block = Block {
                bounds: run,
                runs: vec![run],
            };
            // Everything that reaches this run becomes one block with it.
            while let Some(index) = open
                .iter()
                .position(|other| other.reaches(&block) || block.reaches(other))
            {
                let mut other = open.swap_remove(index);
                other.absorb(block);
                block = other;
            }
            open.push(block);
        }
        let (still, over): (Vec<Block>, Vec<Block>) = open
            .into_iter()
            .partition(|block| block.bounds.bottom + 1 > row);
        open = still;
        done.extend(over);
    }
    done.append(&mut open);
    let mut tables: Vec<Area> = done.into_iter().map(|block| block.bounds).collect();
    sort(&mut tables);
    tables
}

/// By the last row: "the last table" is the last of the list.
fn sort(tables: &mut [Area]) {
    tables.sort_by_key(|table| (table.bottom, table.right));
}

/// The unbroken stretches of filled cells in a row.
fn runs(row: usize, cells: &[Cell]) -> Vec<Area> {
    let mut runs: Vec<Area> = Vec::new();
    for (column, _) in cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
    {
        match runs.last_mut() {
            Some(run) if run.right + 1 == column => run.right = column,
            _ => runs.push(Area::cell(row, column)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::google::append::place;
    use crate::google::grid::{Content, Format, Sheet};
    use crate::random::Random;

    fn filled() -> Cell {
        Cell {
            content: Content::Bool(true),
            format: Format::General,
        }
    }

    /// The tables of a picture in which `x` is a filled cell, as `top left bottom right`.
    fn tables(picture: &[&str]) -> Vec<[usize; 4]> {
        let cells: Vec<Vec<Cell>> = picture
            .iter()
            .map(|row| {
                row.chars()
                    .map(|letter| {
                        if letter == 'x' {
                            filled()
                        } else {
                            Cell::default()
                        }
                    })
                    .collect()
            })
            .collect();
        find(&cells)
            .into_iter()
            .map(|area| [area.top, area.left, area.bottom, area.right])
            .collect()
    }

    #[test]
    fn cells_that_touch_are_one_table() {
        assert_eq!(tables(&[]), Vec::<[usize; 4]>::new());
        assert_eq!(tables(&["xx.x"]), [[0, 0, 0, 1], [0, 3, 0, 3]]);
        assert_eq!(tables(&["xx..", "..xx"]), [[0, 0, 1, 3]]);
        assert_eq!(
            tables(&["xxx.", "....", ".xx."]),
            [[0, 0, 0, 2], [2, 1, 2, 2]]
        );
        assert_eq!(tables(&["x...x", "x...x", "xxxxx"]), [[0, 0, 2, 4]]);
        // Inside the bounds of the outer block, though touching none of its cells.
        assert_eq!(
            tables(&["xxxxx", "x...x", "x.x.x", "x...x"]),
            [[0, 0, 3, 4]]
        );
    }

    #[test]
    fn following_appends_agrees_with_looking_anew() {
        let mut random = Random::new(11);
        for round in 0..200 {
            let mut sheet = Sheet::new(0, "S");
            sheet.put(0, 0, filled());
            sheet.put(0, 2, filled());
            if random.chance(50) {
                sheet.put(0, 1, filled());
            }
            if random.chance(30) {
                sheet.put(3, 4, filled());
            }
            for step in 0..12 {
                let area = Area::cell(0, 0);
                let (table, top, left) = place(&mut sheet, area);
                let table = table.unwrap();
                let cells: Vec<(usize, Cell)> = (left..left + 4)
                    .map(|column| {
                        let empty = random.chance(40);
                        (column, if empty { Cell::default() } else { filled() })
                    })
                    .collect();
                sheet.put_below(table, top, cells);
                let followed = sheet.tables().to_vec();
                let mut anew = sheet.clone();
                anew.put(900, 20, filled());
                anew.put(900, 20, Cell::default());
                assert_eq!(followed, anew.tables(), "round {round}, step {step}");
            }
        }
    }
}
