//! Carries out the examples of every connector, so that what the reference shows is what happens.

use super::{Replay, conforms};
use crate::{Catalog, Invocation, Kit, manifest::example::Example};
use patchbay_model::{Json, event::StepError};
use std::sync::Arc;

/// Carries out all examples of all connectors, without a network. Gives how many there were, or all that is wrong.
pub async fn run_all(catalog: &Arc<Catalog>) -> Result<usize, Vec<String>> {
    let kit = Kit::new(catalog.clone(), Arc::new(Replay::new(Vec::new(), false)));
    let mut wrong = Vec::new();
    let mut count = 0;
    for connector in catalog.specs() {
        let Some(plan) = catalog.plan(&connector.name) else {
            continue;
        };
        for spec in &connector.operations {
            let Some(found) = plan.operation(&spec.name) else {
                wrong.push(format!("{}/{}: cannot be read", connector.name, spec.name));
                continue;
            };
            for (index, example) in found.manifest.example.iter().enumerate() {
                count += 1;
                let result = kit
                    .invoke(Invocation {
                        connector: connector.name.clone(),
                        operation: spec.name.clone(),
                        inputs: example.inputs.clone(),
                        ..Invocation::default()
                    })
                    .await;
                let mut problems = differences(example, &result);
                if let Ok(output) = &result {
                    problems.extend(conforms::mismatches(&found.spec.output, output));
                }
                let place = format!("{}/operations/{}.toml", connector.name, spec.name);
                wrong.extend(problems.into_iter().map(|problem| {
                    format!(
                        "{place}: example {} {}: {problem}",
                        index + 1,
                        example.title
                    )
                }));
            }
        }
    }
    if wrong.is_empty() {
        Ok(count)
    } else {
        Err(wrong)
    }
}

fn differences(example: &Example, result: &Result<Json, StepError>) -> Vec<String> {
    let mut wrong = Vec::new();
    match (result, &example.output, &example.error) {
        (Ok(output), Some(wanted), _) => {
            let mut output = output.clone();
            for pointer in &example.varies {
                match (output.pointer_mut(pointer), wanted.pointer(pointer)) {
                    (Some(found), Some(shown)) => *found = shown.clone(),
                    _ => wrong.push(format!("there is nothing at {pointer} that could vary")),
                }
            }
            if output != *wanted {
                wrong.push(format!("the output is\n{output}\nand should be\n{wanted}"));
            }
        }
        (Err(error), _, Some(wanted)) => {
            let fits = error.code == wanted.code
                && (wanted.field.is_none() || error.field == wanted.field)
                && wanted
                    .says
                    .as_ref()
                    .is_none_or(|part| error.message.contains(part));
            if !fits {
                wrong.push(format!("the error is {error:?} and should be {wanted:?}"));
            }
        }
        (Ok(output), ..) => wrong.push(format!("it should fail and gives {output}")),
        (Err(error), ..) => wrong.push(format!("it fails: {error:?}")),
    }
    wrong
}
