//! Standard output, where a closed pipe is no error, and standard error, where nothing can be done about one.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};

use super::error::Error;

/// Standard output, or what stands in for it.
pub(super) struct Output {
    stdout: BufWriter<Box<dyn Write>>,
    closed: bool,
}

impl Output {
    pub(super) fn new() -> Output {
        Output { stdout: BufWriter::new(Box::new(io::stdout().lock())), closed: false }
    }

    /// Standard error, for a report while standard output is for something else.
    pub(super) fn aside() -> Output {
        Output { stdout: BufWriter::new(Box::new(io::stderr())), closed: false }
    }

    /// Whether the reader has gone: nobody needs the rest.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn write(&mut self, text: &str) -> Result<(), Error> {
        self.write_bytes(text.as_bytes())
    }

    /// Bytes as they came.
    pub(super) fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let res = if self.closed { Ok(()) } else { self.stdout.write_all(bytes) };
        self.accept(res)
    }

    /// Writes out what was written so far: somebody watches.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        self.finish()
    }

    /// Writes out what is left.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        let res = if self.closed { Ok(()) } else { self.stdout.flush() };
        self.accept(res)
    }

    fn accept(&mut self, res: io::Result<()>) -> Result<(), Error> {
        match res {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            res => res.map_err(Error::Output),
        }
    }
}

/// One line on standard error: why something could not be done.
pub(super) fn say(error: &Error) {
    write_stderr(&format!("error: {error}\n"));
}

/// One line on standard error: what a user should know.
pub(super) fn note(text: impl Display) {
    write_stderr(&format!("note: {text}\n"));
}

/// Lines that are already complete.
pub(super) fn say_lines(text: &str) {
    write_stderr(text);
}

fn write_stderr(text: &str) {
    // Who closed standard error does not want to hear it.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
