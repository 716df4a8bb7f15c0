//! The executable.

#[expect(dead_code, reason = "the command line is not there yet")]
mod demo;

fn main() {}
