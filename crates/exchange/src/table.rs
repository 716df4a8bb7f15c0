//! A CSV file as a header and records, read within bounded memory, and written.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};

use csv_core::ReadRecordResult;

use crate::cells::Fault;

/// The most bytes that one record may have, so that a quote that nobody closed cannot pull a whole
/// file into memory.
const MAX_RECORD: usize = 16 << 20;
const MAX_COLUMNS: usize = 4_096;

/// Columns that rejected rows get, and that are passed over when they are imported again.
pub const REJECT_COLUMNS: [&str; 3] = ["rejected_line", "rejected_column", "rejected_reason"];

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("it is UTF-16: save it as UTF-8")]
    Utf16,
    #[error("it is empty")]
    Empty,
    #[error("its header is not UTF-8: save it as UTF-8")]
    Header,
    #[error("its header has more than 4,096 columns, or is longer than 16 MiB")]
    HeaderTooLong,
    #[error("its header has zero bytes: if it is UTF-16, save it as UTF-8")]
    ZeroBytes,
    #[error("its columns have semicolons or tabs between them: save it with commas")]
    Separator,
    #[error("the column {0} is there twice")]
    ColumnTwice(String),
    #[error("the column {0} is missing")]
    ColumnMissing(&'static str),
    #[error("it cannot be read")]
    Io(#[from] std::io::Error),
}

/// Where a record begins: the byte to seek to, and the line that people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub offset: u64,
    pub line: u64,
}

/// One record, as bytes.
#[derive(Clone, Debug)]
pub struct Record {
    pub place: Place,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    is_too_long: bool,
    is_unclosed: bool,
}

impl Record {
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.ends.len()).map(|i| {
            let begin = if i == 0 { 0 } else { self.ends[i - 1] };
            &self.bytes[begin..self.ends[i]]
        })
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn is_too_long(&self) -> bool {
        self.is_too_long
    }

    /// Whether the file ends inside a quote of it.
    pub(crate) fn is_unclosed(&self) -> bool {
        self.is_unclosed
    }
}

/// The names of the columns.
#[derive(Clone, Debug)]
pub struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Header {
    /// Takes the names of columns, each once.
    pub fn new(names: Vec<String>) -> Result<Self, TableError> {
        let mut places = HashMap::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            if places.insert(name.clone(), place).is_some() {
                return Err(TableError::ColumnTwice(name.clone()));
            }
        }
        Ok(Self { names, places })
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }
}

/// A CSV file that is read record by record, from the start or from any [`Place`] in it.
pub struct Table<R> {
    input: BufReader<R>,
    core: csv_core::Reader,
    at: Place,
    header: Header,
    begin: Place,
}

impl<R: Read + Seek> Table<R> {
    /// Reads the header, which must have the `required` columns.
    pub fn open(input: R, required: &[&'static str]) -> Result<Self, TableError> {
        let mut table = Self {
            input: BufReader::with_capacity(256 << 10, input),
            core: csv_core::Reader::new(),
            at: Place { offset: 0, line: 1 },
            header: Header { names: Vec::new(), places: HashMap::new() },
            begin: Place { offset: 0, line: 1 },
        };
        let start = table.input.fill_buf()?;
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(TableError::Utf16);
        }
        let record = table.next()?.ok_or(TableError::Empty)?;
        if record.is_too_long {
            return Err(TableError::HeaderTooLong);
        }
        if record.bytes.contains(&0) {
            return Err(TableError::ZeroBytes);
        }
        let names = record
            .cells()
            .map(|cell| std::str::from_utf8(cell).map(|name| name.trim().to_owned()))
            .collect::<Result<Vec<String>, _>>()
            .map_err(|_| TableError::Header)?;
        if let [only] = names.as_slice()
            && only.contains([';', '\t'])
        {
            return Err(TableError::Separator);
        }
        table.header = Header::new(names)?;
        let missing = required.iter().find(|name| !table.header.has(name));
        if let Some(name) = missing {
            return Err(TableError::ColumnMissing(name));
        }
        table.begin = table.at;
        Ok(table)
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How far it has been read, in bytes.
    pub fn position(&self) -> u64 {
        self.at.offset
    }

    /// Goes back to the first record.
    pub fn rewind(&mut self) -> Result<(), TableError> {
        self.seek(self.begin)
    }

    fn seek(&mut self, place: Place) -> Result<(), TableError> {
        if place.offset != self.at.offset {
            self.input.seek(SeekFrom::Start(place.offset))?;
        }
        self.core.reset();
        self.at = place;
        Ok(())
    }

    /// The record that begins at a place.
    pub fn read_at(&mut self, place: Place) -> Result<Option<Record>, TableError> {
        self.seek(place)?;
        self.next()
    }

    /// The next record; one that is too long for memory comes without its cells.
    #[expect(clippy::should_implement_trait, reason = "an iterator would hide where it fails")]
    pub fn next(&mut self) -> Result<Option<Record>, TableError> {
        self.skip_blank_lines()?;
        let place = self.at;
        let (mut bytes, mut ends) = (vec![0; 4_096], vec![0; self.header.names.len().max(16)]);
        let (mut n_bytes, mut n_ends, mut is_too_long) = (0, 0, false);
        let mut is_unclosed = false;
        loop {
            let input = self.input.fill_buf()?;
            // Where the file ends, a line break ends a row as well, unless it is in a quote.
            let is_end = input.is_empty() && self.at != place && !is_unclosed;
            let input = if is_end { b"\n" } else { input };
            let (result, n_read, n_written, n_ended) =
                self.core.read_record(input, &mut bytes[n_bytes..], &mut ends[n_ends..]);
            n_bytes += n_written;
            n_ends += n_ended;
            if !is_end {
                let breaks = input[..n_read].iter().map(|&byte| u64::from(byte == b'\n'));
                self.at.line += breaks.sum::<u64>();
                self.at.offset += u64::try_from(n_read).unwrap_or(0);
                self.input.consume(n_read);
            }
            match result {
                ReadRecordResult::InputEmpty => is_unclosed |= is_end,
                ReadRecordResult::OutputFull if bytes.len() < MAX_RECORD => {
                    bytes.resize(bytes.len() * 4, 0);
                }
                ReadRecordResult::OutputEndsFull if ends.len() < MAX_COLUMNS => {
                    ends.resize(ends.len() * 4, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    is_too_long = true;
                    (n_bytes, n_ends) = (0, 0);
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        if is_too_long {
            (n_bytes, n_ends) = (0, 0);
        } else if is_unclosed {
            // Without the line break that was none.
            n_bytes -= 1;
            ends[n_ends - 1] -= 1;
        }
        bytes.truncate(n_bytes);
        ends.truncate(n_ends);
        Ok(Some(Record { place, bytes, ends, is_too_long, is_unclosed }))
    }

    fn skip_blank_lines(&mut self) -> Result<(), TableError> {
        loop {
            let input = self.input.fill_buf()?;
            let blank = input.iter().take_while(|&&byte| matches!(byte, b'\r' | b'\n'));
            let (mut n_read, mut n_lines) = (0, 0);
            for &byte in blank {
                n_read += 1;
                n_lines += u64::from(byte == b'\n');
            }
            let is_through = n_read < input.len() || input.is_empty();
            self.at.line += n_lines;
            self.at.offset += u64::try_from(n_read).unwrap_or(0);
            self.input.consume(n_read);
            if is_through {
                return Ok(());
            }
        }
    }
}

/// Writes records; the same cells give the same bytes.
pub struct Writer<W: Write>(csv::Writer<W>);

impl<W: Write> Writer<W> {
    pub fn new(output: W) -> Self {
        Self(csv::WriterBuilder::new().flexible(true).from_writer(output))
    }

    pub fn write<T: AsRef<[u8]>>(
        &mut self,
        cells: impl IntoIterator<Item = T>,
    ) -> std::io::Result<()> {
        self.0.write_record(cells).map_err(std::io::Error::other)
    }

    /// Begins a file of rejected rows.
    pub fn write_reject_header(&mut self, header: &Header) -> std::io::Result<()> {
        let own = header.names.iter().map(String::as_str);
        let own = own.filter(|name| !REJECT_COLUMNS.contains(name));
        self.write(own.chain(REJECT_COLUMNS))
    }

    /// Writes a row as it was, and what is wrong with it.
    pub fn write_reject(
        &mut self,
        header: &Header,
        record: &Record,
        faults: &[Fault],
    ) -> std::io::Result<()> {
        let is_own = |place: &usize| {
            !REJECT_COLUMNS.contains(&header.names.get(*place).map_or("", String::as_str))
        };
        let mut cells: Vec<Vec<u8>> = record
            .cells()
            .enumerate()
            .filter(|(place, _)| is_own(place))
            .map(|(_, cell)| cell.to_vec())
            .collect();
        let n_own = (0..header.names.len()).filter(is_own).count();
        // Rows that had too many cells keep them behind the reason.
        let behind = cells.split_off(cells.len().min(n_own));
        cells.resize(n_own, Vec::new());
        let mut columns: Vec<&str> = faults.iter().map(|fault| fault.column.as_str()).collect();
        columns.dedup();
        let reasons: Vec<&str> = faults.iter().map(|fault| fault.reason.as_str()).collect();
        cells.push(record.place.line.to_string().into_bytes());
        cells.push(columns.join(", ").into_bytes());
        cells.push(reasons.join("; ").into_bytes());
        cells.extend(behind);
        self.write(cells)
    }

    pub fn finish(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, TableError> {
        let mut table = Table::open(Cursor::new(bytes), &[])?;
        let mut rows = Vec::new();
        while let Some(record) = table.next()? {
            let cells = record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned());
            rows.push((record.place.line, cells.collect()));
        }
        Ok(rows)
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn rows_know_their_lines_whatever_lies_between() {
        let text = "\u{feff}a,b\r\n1,\"x\r\ny \"\"z\"\"\"\r\n\r\n\n2,\"é,\"\r\n3";

        let rows = read(text.as_bytes()).unwrap();

        assert_eq!(rows, [row(2, &["1", "x\r\ny \"z\""]), row(6, &["2", "é,"]), row(7, &["3"])]);
    }

    #[test]
    fn a_row_is_found_again_by_its_place() {
        let text = b"a,b\n1,\"x\ny\"\n2,z\n";
        let mut table = Table::open(Cursor::new(text), &["a"]).unwrap();
        let first = table.next().unwrap().unwrap();
        let second = table.next().unwrap().unwrap();
        assert!(table.next().unwrap().is_none());

        for expected in [&second, &first, &second] {
            let found = table.read_at(expected.place).unwrap().unwrap();
            assert_eq!(found.place, expected.place);
            assert!(found.cells().eq(expected.cells()));
        }
    }

    #[test]
    fn files_that_cannot_be_read_say_why() {
        let error = |bytes: &[u8], required: &[&'static str]| {
            Table::open(Cursor::new(bytes.to_vec()), required).err().unwrap().to_string()
        };

        assert_eq!(error(b"", &[]), "it is empty");
        assert_eq!(error(b"\xff\xfea\0", &[]), "it is UTF-16: save it as UTF-8");
        assert_eq!(error(b"sku,caf\xe9\n", &[]), "its header is not UTF-8: save it as UTF-8");
        assert_eq!(error(b"sku,name,sku\n", &[]), "the column sku is there twice");
        assert_eq!(error(b"name\n", &["sku"]), "the column sku is missing");
        assert!(error(b"s\0k\0u\0\n\0", &["sku"]).contains("UTF-16"));
        assert!(error("a,".repeat(5_000).as_bytes(), &[]).contains("4,096 columns"));
        assert!(error(b"sku;name\n", &["sku"]).contains("semicolons"));
    }

    #[test]
    fn a_quote_that_nobody_closed_does_not_fill_the_memory() {
        let mut bytes = b"a,b\n1,\"".to_vec();
        bytes.resize(bytes.len() + MAX_RECORD * 2, b'x');
        let mut table = Table::open(Cursor::new(bytes), &[]).unwrap();

        let record = table.next().unwrap().unwrap();

        assert!(record.is_too_long() && record.size() == 0);
        assert!(table.next().unwrap().is_none());
    }

    #[test]
    fn a_file_that_ends_in_a_quote_says_so() {
        let unclosed = |text: &str| {
            let mut table = Table::open(Cursor::new(text.as_bytes().to_vec()), &[]).unwrap();
            let mut found = Vec::new();
            while let Some(record) = table.next().unwrap() {
                let cells = record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned());
                found.push((cells.collect::<Vec<_>>(), record.is_unclosed()));
            }
            found
        };
        let cells = |cells: &[&str]| cells.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();

        assert_eq!(
            unclosed("a,b\n1,x\n2,\"y\n3,z\n"),
            [(cells(&["1", "x"]), false), (cells(&["2", "y\n3,z\n"]), true)]
        );
        for text in ["a,b\n2,\"y\"", "a,b\n2,\"y\"\n", "a,b\r\n2,y\r\n\r\n", "a,b\n2,y"] {
            assert_eq!(unclosed(text), [(cells(&["2", "y"]), false)], "{text:?}");
        }
        assert_eq!(unclosed("a,b\n2,"), [(cells(&["2", ""]), false)]);
        assert_eq!(unclosed("a,b\n"), []);
    }

    #[test]
    fn rejected_rows_keep_their_cells_and_say_why() {
        let text = b"sku,name,rejected_reason\nA,\"x, y\",old\nB,1,2,3\nC\n";
        let mut table = Table::open(Cursor::new(text), &[]).unwrap();
        let mut output = Vec::new();
        let mut writer = Writer::new(&mut output);
        let faults = [Fault::new("name", "too odd"), Fault::new("name", "too long")];

        writer.write_reject_header(table.header()).unwrap();
        while let Some(record) = table.next().unwrap() {
            writer.write_reject(table.header(), &record, &faults).unwrap();
        }
        writer.finish().unwrap();

        let expected = "sku,name,rejected_line,rejected_column,rejected_reason\n\
            A,\"x, y\",2,name,too odd; too long\n\
            B,1,3,name,too odd; too long,3\n\
            C,,4,name,too odd; too long\n";
        assert_eq!(String::from_utf8(output).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn what_is_written_is_read(
            rows in prop::collection::vec(prop::collection::vec("[ -~é\r\n\"]{0,6}", 3), 0..8),
        ) {
            let mut output = Vec::new();
            let mut writer = Writer::new(&mut output);
            writer.write(["a", "b", "c"]).unwrap();
            for row in &rows {
                writer.write(row).unwrap();
            }
            writer.finish().unwrap();

            let found: Vec<Vec<String>> =
                read(&output).unwrap().into_iter().map(|(_, cells)| cells).collect();

            prop_assert_eq!(found, rows);
        }
    }
}
