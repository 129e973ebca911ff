//! `harcov schema`, `completions` and `man`: for editors and packagers.

use crate::report::StoryDocument;

use super::args::{CompletionsArgs, ManArgs, SchemaArgs, SchemaName};
use super::{EXIT_OK, Failure, Io, command, output};

/// Prints a JSON Schema.
pub(super) fn schema(args: &SchemaArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let schema = match args.name {
        SchemaName::Config => crate::config::schema(),
        SchemaName::Manifest => crate::manifest::schema(),
        SchemaName::Diff => crate::diff::schema().to_value(),
        SchemaName::Inventory => crate::inventory::schema().to_value(),
        SchemaName::Report => crate::render::schema().to_value(),
        SchemaName::Check => schemars::schema_for!(crate::gate::Verdict).to_value(),
        SchemaName::Baseline => crate::gate::schema(),
        SchemaName::Flow => schemars::schema_for!(StoryDocument).to_value(),
    };
    let text = serde_json::to_string_pretty(&schema)
        .map_err(|error| Failure::new(format!("cannot write the schema: {error}")))?;
    writeln!(io.out, "{text}")?;
    Ok(EXIT_OK)
}

/// Prints a completion script.
pub(super) fn completions(args: &CompletionsArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "harcov", &mut script);
    io.out.write_all(&script)?;
    Ok(EXIT_OK)
}

/// Prints the main manual page, or writes those of all commands into a folder.
pub(super) fn man(args: &ManArgs, io: &mut Io<'_>) -> Result<u8, Failure> {
    let page = |command: clap::Command| -> Result<String, Failure> {
        let mut text = Vec::new();
        clap_mangen::Man::new(command).render(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    };
    let Some(folder) = &args.dir else {
        io.out.write_all(page(command())?.as_bytes())?;
        return Ok(EXIT_OK);
    };
    let mut main = command();
    main.build();
    output::check_writable(&folder.join("harcov.1"))?;
    output::write(&folder.join("harcov.1"), &page(main.clone())?, io)?;
    for command in main.get_subcommands() {
        let name = format!("harcov-{}", command.get_name());
        if command.get_name() == "help" {
            continue;
        }
        let named = command.clone().name(&*name.clone().leak());
        output::write(&folder.join(format!("{name}.1")), &page(named)?, io)?;
    }
    Ok(EXIT_OK)
}
