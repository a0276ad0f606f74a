// SPDX-License-Identifier: Apache-2.0

//! Wasmtime's C API, re-exported as one static library, and the calls it lacks.
//!
//! The C API's handles are `#[repr(C)]` structs of one field (`wasm_engine_t { engine: Engine }`,
//! `wasm_config_t { config: Config }`), so a pointer to a handle is a pointer to what it holds. The
//! version of the C API is pinned to the patch level for that reason; `layout_holds` checks sizes.

use std::fs::File;
use std::num::NonZeroUsize;
use std::os::fd::FromRawFd;

use wasmtime::{Config, Engine, Module, WasmBacktraceDetails};
use wasmtime_c_api::{wasm_config_t, wasm_engine_t, wasmtime_error_t, wasmtime_module_t};

const _: () = layout_holds();

const fn layout_holds() {
    assert!(size_of::<wasm_engine_t>() == size_of::<Engine>());
    assert!(size_of::<wasm_config_t>() == size_of::<Config>());
    assert!(size_of::<wasmtime_module_t>() == size_of::<Module>());
}

fn config_of(handle: &mut wasm_config_t) -> &mut Config {
    // SAFETY: one-field `#[repr(C)]` struct, see the module's comment.
    unsafe { &mut *(handle as *mut wasm_config_t).cast::<Config>() }
}

fn engine_of(handle: &wasm_engine_t) -> &Engine {
    // SAFETY: as above.
    unsafe { &*(handle as *const wasm_engine_t).cast::<Engine>() }
}

fn error_of(error: wasmtime::Error) -> Option<Box<wasmtime_error_t>> {
    Some(Box::new(wasmtime_error_t::from(error)))
}

/// Whether this CPU has `feature`. Wasmtime's own answer looks at all of the CPU, and each of its
/// `CPUID` instructions traps in a virtual machine; code for a baseline asks for what one tells.
#[cfg(target_arch = "x86_64")]
fn host_feature(feature: &str) -> Option<bool> {
    use std::sync::atomic::{AtomicU32, Ordering};
    macro_rules! detected {
        ($($name:tt)*) => {
            match feature {
                $($name => Some(std::is_x86_feature_detected!($name)),)*
                _ => None,
            }
        };
    }
    let bit = match feature {
        "sse3" => 0,
        "ssse3" => 9,
        "cmpxchg16b" => 13,
        "sse4.1" => 19,
        "sse4.2" => 20,
        "popcnt" => 23,
        _ => {
            return detected!("avx" "avx2" "fma" "avxvnni" "bmi1" "bmi2" "avx512bitalg" "avx512dq"
                "avx512f" "avx512vl" "avx512vbmi" "avx512vnni" "lzcnt");
        }
    };
    // Leaf 1's ECX; every CPU of this architecture sets some bit of it, so 0 is "not asked yet".
    static LEAF: AtomicU32 = AtomicU32::new(0);
    let mut leaf = LEAF.load(Ordering::Relaxed);
    if leaf == 0 {
        leaf = std::arch::x86_64::__cpuid(1).ecx;
        LEAF.store(leaf, Ordering::Relaxed);
    }
    Some(leaf & (1 << bit) != 0)
}

/// Makes an engine from `config` alone, which it consumes; where `wasm_engine_new_with_config` aborts on a
/// configuration that this build or this CPU cannot serve, this gives the error.
#[unsafe(no_mangle)]
pub extern "C" fn swebash_wasmtime_engine_new(
    config: Box<wasm_config_t>,
    out: &mut *mut wasm_engine_t,
) -> Option<Box<wasmtime_error_t>> {
    let mut config = config;
    // Otherwise a variable of the user's environment, WASMTIME_BACKTRACE_DETAILS, decides which
    // artefacts the engine takes.
    config_of(&mut config).wasm_backtrace_details(WasmBacktraceDetails::Disable);
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the function tells what this CPU has.
    unsafe {
        config_of(&mut config).detect_host_feature(host_feature);
    }
    match Engine::new(config_of(&mut config)) {
        Ok(engine) => {
            // SAFETY: one-field `#[repr(C)]` struct, see the module's comment.
            *out = Box::into_raw(Box::new(engine)).cast::<wasm_engine_t>();
            None
        }
        Err(error) => error_of(error),
    }
}

/// How many frames a trap's backtrace holds at most; 0 turns backtraces off.
#[unsafe(no_mangle)]
pub extern "C" fn swebash_wasmtime_config_backtrace_frames_set(
    config: &mut wasm_config_t,
    frames: usize,
) {
    config_of(config).wasm_backtrace_max_frames(NonZeroUsize::new(frames));
}

/// How many bytes of native stack wasm code may use. `wasmtime_config_max_wasm_stack_set` alone is
/// refused above the size of asynchronous stacks, which this build has none of.
#[unsafe(no_mangle)]
pub extern "C" fn swebash_wasmtime_config_max_wasm_stack_set(
    config: &mut wasm_config_t,
    bytes: usize,
) {
    config_of(config)
        .max_wasm_stack(bytes)
        .async_stack_size(bytes);
}

/// Maps the artefact open at `fd` (which it consumes) and makes a module of it: what the caller
/// checked through that descriptor is what is loaded.
///
/// # Safety
/// `fd` is an open descriptor that the caller owns. The file is an artefact made by Wasmtime, and is
/// not changed in place for as long as the module lives.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn swebash_wasmtime_module_deserialize_fd(
    engine: &wasm_engine_t,
    fd: std::ffi::c_int,
    out: &mut *mut wasmtime_module_t,
) -> Option<Box<wasmtime_error_t>> {
    // SAFETY: the caller hands over the descriptor.
    let file = unsafe { File::from_raw_fd(fd) };
    // SAFETY: the caller vouches for the file.
    match unsafe { Module::deserialize_open_file(engine_of(engine), file) } {
        Ok(module) => {
            *out = Box::into_raw(Box::new(module)).cast::<wasmtime_module_t>();
            None
        }
        Err(error) => error_of(error),
    }
}
