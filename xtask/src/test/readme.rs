//! Runs what the READMEs and `docs/` show, as it stands there, against the emulator.

use std::path::{Path, PathBuf};

use crate::cargo::cargo;
use crate::emulator::Emulator;
use crate::failure::{Failure, Result};
use crate::repo::{self, Repo};
use crate::step::{note, step};
use crate::tools::Tool;
use crate::{js, python};

/// A project that has the packages installed and `key.json` beside its code, as the README assumes.
const PROJECT: &str = "readme";

/// The variable that the README names for running the quickstarts without a cloud.
const ENDPOINT: &str = "YC_IAM_ENDPOINT";

const RUST_QUICKSTART: &str = "examples/quickstart.rs";

/// The pages that show it: GitHub's and the registry's.
const RUST_PAGES: [&str; 2] = ["README.md", "src/README.md"];

/// What the pages import besides the package; it is installed for the npm package's own tests.
const LIBRARIES: [&str; 5] = [
    "@grpc/grpc-js",
    "@yandex-cloud/nodejs-sdk",
    "@ydbjs/auth",
    "axios",
    "undici",
];

pub fn run(repo: &Repo) -> Result {
    python::install_wheel(repo)?;
    js::build(repo)?;
    let tarball = js::pack(repo)?;
    let readme = String::from_utf8_lossy(&repo::read(&repo.path("README.md"))?).into_owned();
    RUST_PAGES.iter().try_for_each(|page| check_rust_block(repo, page))?;
    let project = repo.target(PROJECT);
    step("installing the npm package into target/readme", || {
        let ours = LIBRARIES.map(|name| (name, repo.path("js/node_modules").join(name)));
        let mut packages = vec![("yc-iam", tarball.as_path())];
        packages.extend(ours.iter().map(|(name, place)| (*name, place.as_path())));
        js::install_into(&project, &packages)
    })?;
    let emulator = Emulator::start(repo)?;
    repo::copy(Path::new(emulator.key_file()), &project.join("key.json"))?;
    step("running the README's Python", || {
        run_each(
            &readme,
            "python",
            &project,
            "py",
            || python::interpreter(repo),
            emulator.url(),
        )
    })?;
    step("running the README's JavaScript", || {
        run_each(&readme, "js", &project, "mjs", Tool::node, emulator.url())
    })?;
    // The Python of these pages is run by Python's tests.
    for page in pages(repo)? {
        let text = String::from_utf8_lossy(&repo::read(&page)?).into_owned();
        if blocks(&text, "js").is_empty() {
            continue;
        }
        let name = page.strip_prefix(repo.root()).unwrap_or(&page);
        step(format_args!("running the JavaScript of {}", name.display()), || {
            run_each(&text, "js", &project, "mjs", Tool::node, emulator.url())
        })?;
    }
    step("running the README's Rust", || {
        cargo(repo)
            .args(["build", "--quiet", "--example", "quickstart"])
            .run()?;
        let name = format!("quickstart{}", std::env::consts::EXE_SUFFIX);
        Tool::new(
            repo.target("debug/examples").join(name),
            "run `cargo xtask test readme`",
        )
        .directory(&project)
        .env(ENDPOINT, emulator.url())
        // Nothing is there: plain http goes past it.
        .env("ALL_PROXY", "http://127.0.0.1:9")
        .env("NO_PROXY", "")
        .run_quietly()
        .map(drop)
    })
}

/// The npm package's README, and the pages of the documentation. What a page shows for another runtime runs in Node too.
fn pages(repo: &Repo) -> Result<Vec<PathBuf>> {
    let mut pages = vec![repo.path("js/README.md")];
    for directory in ["docs", "docs/sources", "docs/runtimes"] {
        pages.extend(repo::files_ending_in(&repo.path(directory), &[".md"])?);
    }
    Ok(pages)
}

/// Writes each block of this language to a file of its own and runs it; a program that fails is the page's mistake.
fn run_each(
    readme: &str,
    language: &str,
    project: &Path,
    extension: &str,
    runner: impl Fn() -> Tool,
    endpoint: &str,
) -> Result {
    let blocks = blocks(readme, language);
    if blocks.is_empty() {
        return Err(Failure::new(format!("the README shows no `{language}`")));
    }
    for (number, block) in blocks.iter().enumerate() {
        let program = project.join(format!("block{number}.{extension}"));
        repo::write(&program, block)?;
        runner()
            .arg(&program)
            .directory(project)
            .env(ENDPOINT, endpoint)
            .run_quietly()?;
    }
    note(format_args!("{} programs", blocks.len()));
    Ok(())
}

/// The Rust quickstart is a file that the compiler sees; a page shows the same, without its first line.
fn check_rust_block(repo: &Repo, page: &str) -> Result {
    let text = String::from_utf8_lossy(&repo::read(&repo.path(page))?).into_owned();
    let file = String::from_utf8_lossy(&repo::read(&repo.path(RUST_QUICKSTART))?).into_owned();
    let shown: Vec<String> = blocks(&text, "rust");
    let code = file.split_once("\n\n").map_or("", |(_, code)| code);
    if shown == [code] {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the Rust in `{page}` is not what `{RUST_QUICKSTART}` holds: copy it over"
    )))
}

/// The fenced code blocks of a language.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let parts = markdown.split(&opening).skip(1);
    parts
        .filter_map(|part| part.split_once("\n```"))
        .map(|(code, _)| format!("{code}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_one_language_are_found_whole() {
        let markdown = "a\n```js\nlet a;\n```\n```python\nb = 1\n\nc = 2\n```\n";
        assert_eq!(blocks(markdown, "python"), ["b = 1\n\nc = 2\n"]);
    }
}
