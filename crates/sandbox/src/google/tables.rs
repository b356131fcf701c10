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
            Some(known) if within && alone => *known = grown,
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
    tables.sort_by_key(|table| (table.bottom, table.right));
    tables
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
