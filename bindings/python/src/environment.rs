//! Environment variables as Python sees them.

use std::cell::RefCell;
use std::collections::HashMap;

use pyo3::prelude::*;
use pyo3::types::PyString;
use yc_iam::Secret;

/// A mapping from names to values.
pub(crate) struct Environment<'py>(Bound<'py, PyAny>);

impl<'py> Environment<'py> {
    /// This mapping, or `os.environ`: what a program changes there counts at once.
    pub(crate) fn new(py: Python<'py>, given: Option<Bound<'py, PyAny>>) -> PyResult<Self> {
        Ok(Self(match given {
            Some(mapping) => {
                crate::given::mapping(&mapping)?;
                mapping
            }
            None => py.import("os")?.getattr("environ")?,
        }))
    }

    /// The value of a variable, if it is set. What is not UTF-8 in it becomes a character that nothing accepts.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        let value = self.0.get_item(name).ok()?;
        let value = value.cast::<PyString>().ok()?;
        Some(value.to_string_lossy().into_owned())
    }
}

/// The variables that something looked at, as they were then: what is made of it later sees the same.
pub(crate) struct Seen(HashMap<String, Option<Secret>>);

impl Seen {
    pub(crate) fn by<T, E>(
        environment: &Environment<'_>,
        look: impl FnOnce(&dyn Fn(&str) -> Option<String>) -> Result<T, E>,
    ) -> Result<(T, Self), E> {
        let seen = RefCell::new(HashMap::new());
        let found = look(&|name| {
            let value = environment.variable(name);
            let kept = value.clone().map(Secret::new);
            seen.borrow_mut().insert(name.to_owned(), kept);
            value
        })?;
        Ok((found, Self(seen.into_inner())))
    }

    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        Some(self.0.get(name)?.as_ref()?.expose().to_owned())
    }
}
