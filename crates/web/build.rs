//! Rebuilds the crate when a template, an asset or a text is added, changed or removed.

fn main() {
    for folder in
        ["../../templates", "../../assets/storefront", "../../assets/admin", "../../locales"]
    {
        println!("cargo::rerun-if-changed={folder}");
    }
}
