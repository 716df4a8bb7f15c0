//! What countries are called.

use super::{Country, Locale};

/// A code, its three-letter twin, the name in French and in English.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// Where the shop delivers and where goods come from.
const COUNTRIES: [Row; 45] = [
    ("AT", "AUT", "Autriche", "Austria"),
    ("BE", "BEL", "Belgique", "Belgium"),
    ("BF", "BFA", "Burkina Faso", "Burkina Faso"),
    ("BG", "BGR", "Bulgarie", "Bulgaria"),
    ("CH", "CHE", "Suisse", "Switzerland"),
    ("CN", "CHN", "Chine", "China"),
    ("CO", "COL", "Colombie", "Colombia"),
    ("CY", "CYP", "Chypre", "Cyprus"),
    ("CZ", "CZE", "Tchéquie", "Czechia"),
    ("DE", "DEU", "Allemagne", "Germany"),
    ("DK", "DNK", "Danemark", "Denmark"),
    ("EE", "EST", "Estonie", "Estonia"),
    ("ES", "ESP", "Espagne", "Spain"),
    ("ET", "ETH", "Éthiopie", "Ethiopia"),
    ("FI", "FIN", "Finlande", "Finland"),
    ("FR", "FRA", "France", "France"),
    ("GB", "GBR", "Royaume-Uni", "United Kingdom"),
    ("GR", "GRC", "Grèce", "Greece"),
    ("HR", "HRV", "Croatie", "Croatia"),
    ("HU", "HUN", "Hongrie", "Hungary"),
    ("IE", "IRL", "Irlande", "Ireland"),
    ("IN", "IND", "Inde", "India"),
    ("IT", "ITA", "Italie", "Italy"),
    ("JP", "JPN", "Japon", "Japan"),
    ("LK", "LKA", "Sri Lanka", "Sri Lanka"),
    ("LT", "LTU", "Lituanie", "Lithuania"),
    ("LU", "LUX", "Luxembourg", "Luxembourg"),
    ("LV", "LVA", "Lettonie", "Latvia"),
    ("MA", "MAR", "Maroc", "Morocco"),
    ("MC", "MCO", "Monaco", "Monaco"),
    ("MG", "MDG", "Madagascar", "Madagascar"),
    ("MT", "MLT", "Malte", "Malta"),
    ("MX", "MEX", "Mexique", "Mexico"),
    ("NL", "NLD", "Pays-Bas", "Netherlands"),
    ("NP", "NPL", "Népal", "Nepal"),
    ("PE", "PER", "Pérou", "Peru"),
    ("PL", "POL", "Pologne", "Poland"),
    ("PT", "PRT", "Portugal", "Portugal"),
    ("RO", "ROU", "Roumanie", "Romania"),
    ("SE", "SWE", "Suède", "Sweden"),
    ("SI", "SVN", "Slovénie", "Slovenia"),
    ("SK", "SVK", "Slovaquie", "Slovakia"),
    ("TN", "TUN", "Tunisie", "Tunisia"),
    ("TR", "TUR", "Turquie", "Turkey"),
    ("VN", "VNM", "Viêt Nam", "Vietnam"),
];

impl Country {
    /// The country that is called so in French or English, or has this code; as far as its name is
    /// known.
    pub fn called(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let is_it = |(_, _, french, english): &&Row| {
            [french, english].into_iter().any(|name| name.to_lowercase() == lower)
        };
        Self::new(text)
            .or_else(|| COUNTRIES.iter().find(is_it).and_then(|(code, ..)| Self::new(code)))
    }

    fn row(self) -> Option<Row> {
        COUNTRIES.iter().find(|(code, ..)| *code == self.as_str()).copied()
    }

    /// The name in French or else in English; the code itself of one that has no name here.
    pub fn name(&self, locale: Locale) -> &str {
        match self.row() {
            Some((_, _, french, _)) if locale == Locale::FR => french,
            Some((_, _, _, english)) => english,
            None => self.as_str(),
        }
    }

    /// ISO 3166-1 alpha-3, such as `FRA`.
    pub fn alpha3(self) -> Option<&'static str> {
        self.row().map(|(_, alpha3, ..)| alpha3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_called_in_the_readers_language() {
        let (germany, nowhere) = (Country::new("DE").unwrap(), Country::new("ZZ").unwrap());

        assert_eq!(germany.name(Locale::FR), "Allemagne");
        assert_eq!(germany.name(Locale::EN), "Germany");
        assert_eq!(germany.alpha3(), Some("DEU"));
        assert_eq!((nowhere.name(Locale::FR), nowhere.alpha3()), ("ZZ", None));
    }
}
