//! Files in and out, as operators move them.

use std::fmt::Write as _;
use std::path::Path;

use super::{a_folder, done, run, stderr};

/// Simple products, and configurable ones of three variants each, with every tenth in English too.
fn generated(n_skus: usize) -> String {
    let mut file = "sku,store_view_code,attribute_set_code,product_type,categories,name,weight,\
        product_online,visibility,price,url_key,qty,additional_attributes,configurable_variations,\
        greenleaf_manufacturer_name,greenleaf_manufacturer_address,greenleaf_manufacturer_email\n"
        .to_owned();
    let maker = "Atelier,\"1 rue du Bois, 44000 Nantes\",a@atelier.example";
    for n in 0..n_skus / 4 {
        let path = format!("Default Category/Rayon {}/Étage {}", n % 7, n % 3);
        for size in ["S", "M", "L"] {
            let _ = writeln!(
                file,
                "T{n}-{size},,Default,simple,,,0.2,1,Not Visible Individually,19.90,,5,,,,,"
            );
        }
        let _ = writeln!(
            file,
            "T{n},,Default,configurable,{path},Tricot {n},,1,\"Catalog, Search\",,,,\
             \"material=Laine|Coton,fit=Large\",\
             \"sku=T{n}-S,size=S|sku=T{n}-M,size=M|sku=T{n}-L,size=L\",{maker}"
        );
        let _ = writeln!(
            file,
            "S{n},,Default,simple,{path},Savon {},0.1,1,\"Catalog, Search\",4.50,,{n},\
             fit=Doux,,{maker}",
            n % 5
        );
        if n % 10 == 0 {
            let _ = writeln!(file, "S{n},en,,,,Soap {n},,,,,soap-{n},,,,,,");
        }
    }
    file
}

fn import(data: &Path, file: &Path, args: &[&str]) -> String {
    done(data, &[&["import", "products", file.to_str().unwrap()], args].concat())
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap()
}

#[test]
fn a_file_goes_in_comes_out_and_changes_nothing_twice() {
    let folder = a_folder();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let (file, out) = (folder.path().join("goods.csv"), folder.path().join("out.csv"));
    done(&data, &["migrate"]);
    let text = generated(200);
    // What an import that was interrupted has done.
    let half = &text[..text.find("T20-S").unwrap()];
    std::fs::write(&file, half).unwrap();
    assert_eq!(
        last_line(&import(&data, &file, &["--create"])),
        "created 102, updated 0, unchanged 0, rejected 0"
    );

    std::fs::write(&file, &text).unwrap();
    let report = import(&data, &file, &["--create"]);
    assert_eq!(last_line(&report), "created 153, updated 0, unchanged 102, rejected 0");
    assert!(report.contains(" url keys were taken, and got a number\n"), "{report}");
    let again = import(&data, &file, &[]);
    assert_eq!(last_line(&again), "created 0, updated 0, unchanged 255, rejected 0");

    let export = |data: &Path, file: &Path| {
        done(data, &["export", "products", file.to_str().unwrap()]);
        std::fs::read_to_string(file).unwrap()
    };
    let exported = export(&data, &out);
    done(&other, &["migrate"]);
    import(&other, &out, &["--create"]);
    assert_eq!(export(&other, &folder.path().join("again.csv")), exported);
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 5, "no rejected rows and no unfinished file");
}

#[test]
fn rejected_rows_are_mended_beside_the_file() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let file = folder.path().join("goods.csv");
    let rejects = folder.path().join("goods.rejects.csv");
    done(&data, &["migrate"]);
    let text = "sku,name,price,color,meta_title\nTEA,\"Thé, \"\"vert\"\"\",4.50,,a\n\
        POT,Pot,free,,b\nCUP,Cup,3,,c,d\n";
    std::fs::write(&file, text).unwrap();

    let report = import(&data, &file, &["--create"]);

    assert_eq!(
        report,
        format!(
            "columns that were not read: color, meta_title\n\
             1 products are drafts: no price, or no manufacturer\n\
             {} has the rejected rows and what is wrong with them\n\
             created 1, updated 0, unchanged 0, rejected 2\n",
            rejects.display()
        )
    );
    let rejected = std::fs::read_to_string(&rejects).unwrap();
    assert_eq!(
        rejected,
        "sku,name,price,color,meta_title,rejected_line,rejected_column,rejected_reason\n\
         POT,Pot,free,,b,3,price,“free” is no amount in EUR with at most 2 decimals\n\
         CUP,Cup,3,,c,4,,\"the row has 6 cells, the header has 5\",d\n"
    );

    std::fs::write(&rejects, rejected.replace("free,", "9,").replace(",d\n", "\n")).unwrap();
    let mended = import(&data, &rejects, &[]);
    assert_eq!(last_line(&mended), "created 2, updated 0, unchanged 0, rejected 0");
}

#[test]
fn files_that_cannot_be_read_are_refused_with_a_reason() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let file = folder.path().join("goods.csv");
    done(&data, &["migrate"]);
    let refused = |bytes: &[u8], args: &[&str]| {
        std::fs::write(&file, bytes).unwrap();
        let args = [&["import", "products", file.to_str().unwrap()], args].concat();
        let output = run(&data, &args);
        (output.status.code(), stderr(&output))
    };

    let (code, said) = refused(b"name\nTea\n", &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("the column sku is missing"), "{said}");
    let (code, said) = refused(b"\xff\xfes\0k\0u\0", &[]);
    assert_eq!(code, Some(1));
    assert!(said.contains("UTF-16"), "{said}");
    assert_eq!(refused(b"sku\n", &["--view", "french"]).0, Some(2));
    let (code, said) = refused(b"sku\n", &["--view", "german=de"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("--view german=de: the shop does not speak it"), "{said}");
    let (code, said) = refused(b"sku\n", &["--images", "no-such-folder"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("no-such-folder is no folder of images"), "{said}");
    let nowhere = folder.path().join("nowhere");
    let output = run(&nowhere, &["export", "products", "x.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("there is no shop in "), "{}", stderr(&output));
    assert!(!nowhere.exists());
    assert_eq!(run(&data, &["import", "products", "no-such-file.csv"]).status.code(), Some(1));
    assert_eq!(run(&data, &["import", "things", "x.csv"]).status.code(), Some(2));
}

#[test]
fn what_is_rejected_is_kept_until_another_import_ends() {
    let folder = a_folder();
    let data = folder.path().join("data");
    let file = folder.path().join("stock.csv");
    let rejects = folder.path().join("stock.rejects.csv");
    done(&data, &["migrate"]);
    let import = |text: &str| {
        std::fs::write(&file, text).unwrap();
        run(&data, &["import", "stock", file.to_str().unwrap()])
    };

    let output = import("sku,qty,shelf\nTEA,1,A\n");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("columns that were not read: shelf\n"), "{said}");
    let before = std::fs::read_to_string(&rejects).unwrap();
    assert_eq!(import("sku,shelf\nTEA,A\n").status.code(), Some(1), "no quantity");
    assert_eq!(std::fs::read_to_string(&rejects).unwrap(), before);
    import("sku,qty\nPOT,\"1\nCUP,2\n");

    let after = std::fs::read_to_string(&rejects).unwrap();
    assert!(after.contains("a quote is opened and never closed"), "{after}");
    assert!(!after.contains("TEA"), "{after}");
    assert!(!rejects.with_extension("csv.partial").exists());
    import("sku,qty\n");
    assert!(!rejects.exists());
}

#[test]
fn stock_and_customers_come_back_byte_by_byte() {
    let folder = a_folder();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let write = |name: &str, text: &str| std::fs::write(path(name), text).unwrap();
    write("goods.csv", "sku,name,price,qty\nTEA,Thé,4.50,3\nPOT,Pot,9,\n");
    write(
        "stock.csv",
        "source_code,sku,status,quantity\ndefault,TEA,1,7\ndefault,POT,1,2\n\
         default,TEA,1,8\nelsewhere,TEA,1,1\ndefault,CUP,1,1\ndefault,POT,1,x\n",
    );
    write(
        "people.csv",
        "email,_store,created_at,firstname,lastname,password_hash,_address_firstname,\
         _address_lastname,_address_street,_address_postcode,_address_city,_address_country_id,\
         _address_default_billing_\n\
         ada@exemple.fr,en,2020-01-02 03:04:05,Ada,Lovelace,\
         6e7985144f0597a9f93f6db353921ae2e72d3fa7a2ce7f05f3f4c4b55891664e:salt:1,\
         Ada,Lovelace,\"1 rue X\nÉtage 2\",75011,Paris,FR,1\n\
         ,,,,,,Ada,Lovelace,2 rue X,75011,Paris,FR,\n\
         ,,,,,,Ada,Lovelace,3 rue X,750,Paris,FR,\n\
         bob@exemple.fr,,,Bob,,,,,,,,,\n",
    );
    for data in [&data, &other] {
        done(data, &["migrate"]);
        done(data, &["import", "products", &path("goods.csv"), "--create"]);
    }

    let import = |data: &Path, what: &str, name: &str| {
        last_line(&done(data, &["import", what, &path(name)])).to_owned()
    };
    let rejected = |name: &str| {
        let text = std::fs::read_to_string(path(name)).unwrap();
        text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().to_owned()).collect()
    };
    let stock = import(&data, "stock", "stock.csv");
    assert_eq!(stock, "created 1, updated 1, unchanged 0, rejected 4");
    let reasons: Vec<String> = rejected("stock.rejects.csv");
    assert_eq!(
        reasons,
        [
            "line 2 has it already",
            "there is no source “elsewhere”",
            "no product has this SKU",
            "“x” is no whole number of units from 0 on",
        ]
    );
    assert_eq!(
        import(&data, "stock", "stock.csv"),
        "created 0, updated 0, unchanged 2, rejected 4"
    );
    let people = import(&data, "customers", "people.csv");
    assert_eq!(people, "created 2, updated 0, unchanged 0, rejected 2");
    let reasons: Vec<String> = rejected("people.rejects.csv");
    assert_eq!(reasons, ["it cannot be one", "a new account needs one"]);
    assert_eq!(
        import(&data, "customers", "people.csv"),
        "created 0, updated 0, unchanged 2, rejected 2"
    );

    for what in ["stock", "customers"] {
        let (out, again) = (format!("{what}-out.csv"), format!("{what}-again.csv"));
        done(&data, &["export", what, &path(&out)]);
        import(&other, what, &out);
        done(&other, &["export", what, &path(&again)]);
        let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        assert_eq!(read(&again), read(&out));
        assert_eq!(read(&out).lines().count(), if what == "stock" { 3 } else { 4 });
    }
}
