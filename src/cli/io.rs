//! The streams of a command, and the only place that writes messages to them.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use clap::ColorChoice;

use crate::render::inert;

use super::guard::Guard;

/// The streams of a command.
pub struct Io<'a> {
    /// What the command is asked for.
    pub out: &'a mut dyn Write,
    /// What it has to say besides.
    pub err: &'a mut dyn Write,
    /// What the command has read, which no output takes the place of.
    pub(super) guard: Guard,
    quiet: bool,
    color: bool,
    terminal: bool,
}

impl<'a> Io<'a> {
    /// Streams that may be given colour: they strip it themselves where it is not wanted.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Io {
            out,
            err,
            guard: Guard::default(),
            quiet: false,
            color: true,
            terminal: false,
        }
    }

    /// Leaves out everything but errors.
    pub(super) fn set_quiet(&mut self, quiet: bool) {
        self.quiet = quiet;
    }

    /// Says that messages go to a terminal, where progress can be shown.
    pub(super) fn set_terminal(&mut self, terminal: bool) {
        self.terminal = terminal;
    }

    /// Whether to show progress.
    pub(super) fn wants_progress(&self) -> bool {
        self.terminal && !self.quiet
    }

    /// Whether what the command is asked for may have colour.
    pub(super) fn wants_color(&self) -> bool {
        self.color
    }

    /// Leaves colour out where it is refused; else the streams decide.
    pub(super) fn set_color(&mut self, choice: ColorChoice) {
        if choice == ColorChoice::Never {
            self.color = false;
        }
    }

    /// Tells what went wrong; the command goes on to end with an error.
    pub(super) fn error(&mut self, message: &str) {
        self.message("error", AnsiColor::Red.on_default().bold(), message);
    }

    /// Tells what is probably not meant, or could not be read.
    pub(super) fn warn(&mut self, message: &str) {
        if !self.quiet {
            self.message("warning", AnsiColor::Yellow.on_default().bold(), message);
        }
    }

    /// Tells what was done.
    pub(super) fn note(&mut self, message: &str) {
        if !self.quiet {
            // A message that nobody can read is no reason to fail.
            let _ = writeln!(self.err, "{}", clean(message));
        }
    }

    fn message(&mut self, word: &str, style: Style, message: &str) {
        let style = if self.color { style } else { Style::new() };
        // A message that nobody can read is no reason to fail.
        let _ = writeln!(self.err, "{style}{word}{style:#}: {}", clean(message));
    }

    /// Help, version, or what was wrong with the arguments.
    pub(super) fn show_usage(&mut self, error: &clap::Error) {
        let text = error.render();
        let (to_err, color) = (error.use_stderr(), self.color);
        let out: &mut dyn Write = if to_err { self.err } else { self.out };
        // As above.
        let _ = if color {
            write!(out, "{}", text.ansi())
        } else {
            write!(out, "{text}")
        };
    }
}

/// One line that a terminal shows as it is: no control characters, no line breaks.
pub(super) fn visible(text: &str) -> String {
    clean(&text.replace('\n', " "))
}

/// The message without control characters, which a terminal would obey; line breaks stay, but no
/// line holds a command of a CI service.
pub(super) fn clean(message: &str) -> String {
    let text: String = message
        .chars()
        .map(|c| match c {
            '\n' => '\n',
            c if c.is_control() => '\u{fffd}',
            // Marks that turn the direction of what follows.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect();
    let lines: Vec<String> = text.split('\n').map(inert).collect();
    lines.join("\n")
}
