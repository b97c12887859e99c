//! A synthetic batch of articles, for benchmarks and growth curves of any size:
//! `cargo run --release --example generate -- --articles 1000 --seed 1 --lang en > batch.jsonl`.
//!
//! What it is: words by Zipf's law over a vocabulary that grows by Heaps' law, with the language's own function words as the
//! most frequent ones (so that it is detected), words of a topic that come back within an article, and the outer shape of
//! news: titles, paragraphs, capitals, commas, numbers, quoted speech, abbreviations. Article `n` depends on the language, the
//! seed and `n` alone, so the same arguments give the same bytes and memory does not grow with the batch.
//!
//! What it is not: language. It has no grammar and no facts, so it tells nothing of the quality of segments or summaries,
//! and its speed is near that of natural text, not equal to it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use epitome::text::language::{self, LANGUAGES, Language};

/// How a language looks: letters from frequent to rare, accented ones last.
struct Look {
    code: &'static str,
    vowels: &'static str,
    /// Empty where a letter is a syllable.
    consonants: &'static str,
    endings: &'static str,
    /// Opening and closing quotation mark.
    quotes: [char; 2],
    /// Stop, comma, question mark.
    marks: [char; 3],
}

const CURLY: [char; 2] = ['“', '”'];
const LOW: [char; 2] = ['„', '“'];
const ANGLE: [char; 2] = ['«', '»'];
const CORNER: [char; 2] = ['「', '」'];
const WEST: [char; 3] = ['.', ',', '?'];

const fn look(
    code: &'static str,
    vowels: &'static str,
    consonants: &'static str,
    endings: &'static str,
    quotes: [char; 2],
    marks: [char; 3],
) -> Look {
    Look { code, vowels, consonants, endings, quotes, marks }
}

/// The languages there are, by code.
const LOOKS: &[Look] = &[
    look("ar", "اويأإآ", "لنمترسبدعهفقكحجشصطخذضغزثظء", "ة ات ون ين ها", ANGLE, ['.', '،', '؟']),
    look("az", "aəiıeuoüö", "nrlmdsbtykşzqxgvhcçpğf", "lar da dan ın maq lıq", ANGLE, WEST),
    look("bg", "аоеиъуяю", "тнрсвлкдпмзбгчхжшйцщф", "та ят ите ове ане ност", LOW, WEST),
    look("ca", "eaoiuàéèíòóú", "nrstldcmpvgbqfxjhyç", "s es ar ment ció ant", ANGLE, WEST),
    look("cs", "eoaiuíáéýěůú", "nstvlrkdpmčzhjbřšcžťňď", "a y ou ech ost ovat", LOW, WEST),
    look("da", "eaioyuæøå", "nrtsdlgkmfvbphj", "en er et ede ing lig", ANGLE, WEST),
    look("de", "eiauoäüö", "nrstdhlcgmbwfkzpvjßxq", "e en er ung te lich", LOW, WEST),
    look("el", "αοιετηυωάόίέήύώ", "νσρτπκμλγδχθφβξζψ", "ος η ου ων ες ται", ANGLE, ['.', ',', ';']),
    look("en", "eaoiu", "tnsrhldcmfpgwybvkxjqz", "s ed ing er ly ment", CURLY, WEST),
    look("es", "eaoiuáéíóúü", "snrldtcmpbvgqyhfzjñx", "s es ar ando ción mente", ANGLE, WEST),
    look("et", "aeiuoõäüö", "stldknmrvgjphb", "d t s le st sid mine", LOW, WEST),
    look("fa", "ایوآ", "نرمدتهسبشگکزفقلجخپحعچصطضغ", "ها ان تر ات ترین", ANGLE, ['.', '،', '؟']),
    look("fi", "aieouäöy", "ntslkmvrjhpd", "n ssa sta lle inen isuus", ['”', '”'], WEST),
    look("fr", "eaiouéèêàâîôûù", "snrtldmpcvqgbfhjxyçz", "s es er ent ment tion", ANGLE, WEST),
    look("he", "ויאה", "לרתבמשנכדפקעחסגצטז", "ים ות ת ה ית", CURLY, WEST),
    look("hi", "ािीेोुैूौ", "करनसतमपहलदयबगवजटशचभखधफडघ", "ों ें ता ने ना", CURLY, ['।', ',', '?']),
    look("hr", "aieou", "nrstjvkdlmpzgbčšžćhcđf", "a e om ima ost ati", LOW, WEST),
    look("hu", "aeoiáéuöóíőüúű", "ntlskrzmgdybvhjfpc", "k ban nak ok ság tott", ['„', '”'], WEST),
    look("hy", "աեիոու", "նրկտմսլվդհպյբգքխցշղթժձճչջզփ", "ը ի ներ ում ություն", ANGLE, ['։', ',', '։']),
    look("it", "eaiouàèéìòù", "nlrtscdpmvgbfhzq", "i e are ato zione mente", ANGLE, WEST),
    look(
        "ja",
        "のにはをたがでてとしれさいるあなかこ国日人大年会本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今",
        "",
        "",
        CORNER,
        ['。', '、', '？'],
    ),
    look("kk", "аеіыұүөә", "нртлдсқкмбғшпжзгйң", "лар дің да ның ғы мен", ANGLE, WEST),
    look(
        "ko",
        "이다에는의가을고하지로사은한기어시자인리정도서나아대스부일해수보라주제전동구장원상과여미관신소선우국비경성",
        "강남다문바산장하고노도모보송조호",
        "",
        CURLY,
        WEST,
    ),
    look("lt", "aieouėįųūąę", "stnrkmldpvjgbšžčzfhc", "as is os ai ų imas", LOW, WEST),
    look("lv", "aieuāēīūo", "stnrmkldpvjzgbšķļņžčc", "s as u am ība šana", CURLY, WEST),
    look("nb", "eaioyuåøæ", "nrtsdlgkmfvbphj", "en er et te ing lig", ANGLE, WEST),
    look("nl", "eaiouëïé", "nrtdslghkmvbwpzcjf", "en t de ing er heid", CURLY, WEST),
    look("pl", "aieoyuąęó", "nzrwstckdplmjłgbhśżfńćź", "a y ach ów ość ować", ['„', '”'], WEST),
    look("pt", "aeoiuãáéíóõêâú", "srndmtclpvgqbfhzjç", "s es ar ando ção mente", ANGLE, WEST),
    look("ro", "eiauoăâî", "ntrlscdpmșțvgfbzhj", "i ul ea ilor are ește", ['„', '”'], WEST),
    look("ru", "оеаиыяуюёэ", "нтсрвлкмдпзгбчхжшцщфй", "ы ов ами ость ать ного", ANGLE, WEST),
    look("sk", "oaeiuáéíýúôä", "nstvlrkdpmčzhjbšcžťňďľ", "a y ov ami osť ovať", LOW, WEST),
    look("sl", "eaoiu", "nrsljtvkdpmzbgčhšcžf", "a e ov ih ost ati", ANGLE, WEST),
    look("sr", "аеиоу", "нрстјвкдлмпзгбчшжћхцђф", "а е ом има ост ати", LOW, WEST),
    look("sv", "aeioyuåäö", "nrtsdlgkmfvbphjc", "en ar et ade ing lig", ['”', '”'], WEST),
    look("ta", "ாிுெேைோீூொ", "கதரமனபவலடநயணளசழற", "கள் வில் வுக்கு யை", CURLY, WEST),
    look("th", "าิีะุูืั", "นรอกงมยลวดทสตหปคบพจช", "", CURLY, WEST),
    look("tr", "aeıiuüoöâ", "nrlkdmtysbşzgçhvpcğfj", "lar da dan ın mak lık", CURLY, WEST),
    look("uk", "оаиіеуяєюї", "нтврсклдмпзгбчхжшйцщфґ", "и ів ами ість ати ного", ANGLE, WEST),
    look("ur", "ایوآے", "کرنسمتہلپدبگجشحعقزفخصطٹڑچ", "وں یں نا تے گی", CURLY, ['۔', '،', '؟']),
    look(
        "zh",
        "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长",
        "",
        "",
        ['“', '”'],
        ['。', '，', '？'],
    ),
];

/// Splitmix64: small, the same everywhere, good enough to draw words with.
struct Draw(u64);

impl Draw {
    /// A source for a numbered thing.
    fn of(seed: u64, number: u64) -> Draw {
        let mut draw = Draw(seed);
        Draw(draw.next() ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// True so many times in a hundred.
    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of some letters, the first ones more often.
    fn letter(&mut self, letters: &[char]) -> char {
        let n = letters.len() as u64;
        letters[self.below(n).min(self.below(n)) as usize]
    }

    /// A rank from 0 by Zipf's law, in whole numbers so that no machine rounds it its own way: up to rank 8191 every octave is
    /// equally likely, then each 5/8 as likely as the one before. A vocabulary drawn so grows with the .6th power of the text.
    fn rank(&mut self) -> u64 {
        const EVEN: u64 = 13;
        // An even octave weighs 3; all that follow weigh 3 * (5/8 + 25/64 + ...) = 5 together.
        let mut octave = self.below(3 * EVEN + 5) / 3;
        if octave >= EVEN {
            octave = EVEN;
            while octave < 40 && self.below(8) < 5 {
                octave += 1;
            }
        }
        (1 << octave) + self.below(1 << octave) - 1
    }
}

/// Makes the articles of one language and seed.
pub struct Generator {
    look: &'static Look,
    language: &'static Language,
    vowels: Vec<char>,
    consonants: Vec<char>,
    endings: Vec<&'static str>,
    seed: u64,
    /// The most frequent words: function words, then made-up ones.
    head: Vec<String>,
}

/// An article.
#[derive(serde::Serialize)]
pub struct Article {
    /// Language, seed and number.
    pub id: String,
    /// A headline without a stop.
    pub title: String,
    /// ISO 8601.
    pub date: String,
    /// Paragraphs with blank lines between them.
    pub text: String,
}

impl Generator {
    /// A generator; `None` for a language it does not know the look of.
    pub fn new(code: &str, seed: u64) -> Option<Generator> {
        let look = LOOKS.iter().find(|look| look.code == code)?;
        let mut generator = Generator {
            look,
            language: language::find(code)?,
            vowels: look.vowels.chars().collect(),
            consonants: look.consonants.chars().collect(),
            endings: look.endings.split_whitespace().collect(),
            seed,
            head: function_words(code),
        };
        for rank in generator.head.len() as u64..1 << 13 {
            let word = generator.made_up(rank);
            generator.head.push(word);
        }
        Some(generator)
    }

    /// Article number `n`.
    pub fn article(&self, n: u64) -> Article {
        let mut draw = Draw::of(self.seed, n);
        let topic: Vec<u64> = (0..16).map(|_| 200 + draw.rank()).collect();
        let mut writing = Writing { generator: self, draw, topic, out: String::new() };
        let length = 4 + writing.draw.below(8);
        writing.words(length);
        let title = capital(&std::mem::take(&mut writing.out), self.language);
        // A few long articles among many of usual length.
        let mut paragraphs = 3 + writing.draw.below(10);
        while paragraphs < 400 && writing.draw.percent(12) {
            paragraphs *= 2;
        }
        for paragraph in 0..paragraphs {
            writing.out.push_str(if paragraph > 0 { "\n\n" } else { "" });
            for sentence in 0..1 + writing.draw.below(5) {
                writing.out.push_str(if sentence > 0 { self.blank() } else { "" });
                writing.sentence();
            }
        }
        Article {
            id: format!("{}-{}-{n:07}", self.look.code, self.seed),
            title,
            date: format!("{}-{:02}-{:02}", 2000 + n % 25, 1 + n / 25 % 12, 1 + n / 300 % 28),
            text: writing.out,
        }
    }

    /// Article number `n` as a line of JSON Lines, with its end.
    pub fn line(&self, n: u64) -> String {
        let mut line = serde_json::to_string(&self.article(n)).expect("strings only");
        line.push('\n');
        line
    }

    fn blank(&self) -> &'static str {
        if self.consonants.is_empty() { "" } else { " " }
    }

    fn word(&self, rank: u64) -> Cow<'_, str> {
        match self.head.get(rank as usize) {
            Some(word) => word.into(),
            None => self.made_up(rank).into(),
        }
    }

    /// The word of a rank: three ranks share a root, two of them with endings, so that a stemmer has something to do.
    fn made_up(&self, rank: u64) -> String {
        let mut draw = Draw::of(0x5eed, rank / 3);
        let syllables = (64 - rank.leading_zeros() as u64) / 5 + draw.below(2);
        let mut word = String::new();
        for _ in 0..syllables.max(1) {
            if !self.consonants.is_empty() {
                word.push(draw.letter(&self.consonants));
            }
            word.push(draw.letter(&self.vowels));
        }
        if draw.percent(40) && !self.consonants.is_empty() {
            word.push(draw.letter(&self.consonants));
        }
        if !rank.is_multiple_of(3) && !self.endings.is_empty() {
            let first = draw.below(self.endings.len() as u64);
            word.push_str(self.endings[(first + rank % 3) as usize % self.endings.len()]);
        }
        if word.ends_with('σ') {
            word.truncate(word.len() - 'σ'.len_utf8());
            word.push('ς');
        }
        word
    }
}

/// The stop words of a language, those that fewest other languages have first, so that neighbours are told apart.
fn function_words(code: &str) -> Vec<String> {
    let Some(language) = language::find(code) else { return Vec::new() };
    let shared = |word: &str| LANGUAGES.iter().filter(|other| other.data().is_stop(word)).count();
    let mut words: Vec<(usize, &str)> = language.data().stop_words().map(|word| (shared(word), word)).collect();
    words.sort_unstable();
    words.into_iter().map(|(_, word)| word.to_owned()).collect()
}

/// A word with a capital, in the language's own way.
fn capital(word: &str, language: &Language) -> String {
    let mut rest = word.chars();
    match rest.next() {
        Some('i') if language.dotless_i() => format!("İ{}", rest.as_str()),
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

/// An article in the making.
struct Writing<'a> {
    generator: &'a Generator,
    draw: Draw,
    topic: Vec<u64>,
    out: String,
}

impl Writing<'_> {
    /// A sentence: in quotation marks with a clause that reports it, or plain.
    fn sentence(&mut self) {
        let [open, close] = self.generator.look.quotes;
        let [stop, comma, question] = self.generator.look.marks;
        if self.draw.percent(15) {
            self.out.push(open);
            self.clause();
            if self.draw.percent(30) {
                // A quotation over two sentences, so that each cuts it.
                self.out.push(stop);
                self.out.push_str(self.generator.blank());
                self.clause();
            }
            self.out.extend([comma, close]);
            self.out.push_str(self.generator.blank());
            let length = 2 + self.draw.below(4);
            self.words(length);
            self.out.push(stop);
        } else {
            self.clause();
            self.out.push(if self.draw.percent(4) { question } else { stop });
        }
    }

    /// Words that start with a capital.
    fn clause(&mut self) {
        let start = self.out.len();
        let length = 4 + self.draw.below(15) + self.draw.below(15);
        self.words(length);
        let words = self.out.split_off(start);
        self.out.push_str(&capital(&words, self.generator.language));
    }

    /// Words with blanks between them; now and then a number, a name, a comma.
    fn words(&mut self, length: u64) {
        let blank = self.generator.blank();
        for i in 0..length {
            self.out.push_str(if i > 0 { blank } else { "" });
            match self.draw.below(100) {
                0..=2 => self.number(),
                3..=8 => self.name(),
                9..=16 => {
                    let rank = self.topic[self.draw.below(self.topic.len() as u64) as usize];
                    self.out.push_str(&self.generator.word(rank));
                }
                _ => {
                    let rank = self.draw.rank();
                    self.out.push_str(&self.generator.word(rank));
                }
            }
            if i + 1 < length && self.draw.percent(7) {
                self.out.push(self.generator.look.marks[1]);
            }
        }
    }

    fn number(&mut self) {
        let (a, b) = (self.draw.below(100), self.draw.below(1000));
        let _ = match self.draw.below(5) {
            0 => write!(self.out, "{a}"),
            1 => write!(self.out, "{},{b:03}", a + 1),
            2 => write!(self.out, "{a}.{}", b % 10),
            3 => write!(self.out, "{a}%"),
            _ => write!(self.out, "{}", 1990 + a % 40),
        };
    }

    fn name(&mut self) {
        let rank = 500 + self.draw.rank();
        let name = capital(&self.generator.word(rank), self.generator.language);
        if self.draw.percent(5) && !self.generator.consonants.is_empty() {
            self.out.push_str("Dr. ");
        }
        self.out.push_str(&name);
    }
}

const USAGE: &str = "\
Usage: generate --articles N [--seed S] [--lang L] [--dir DIR]

  --articles N   how many articles
  --seed S       a whole number; another seed, other articles [default: 1]
  --lang L       a language of `epitome languages` [default: en]
  --dir DIR      a text file an article in DIR, instead of JSON Lines to stdout
";

struct Args {
    articles: u64,
    seed: u64,
    lang: String,
    dir: Option<PathBuf>,
}

/// The arguments; `None` asks for help.
fn arguments(mut given: impl Iterator<Item = String>) -> Result<Option<Args>, String> {
    let (mut articles, mut args) = (None, Args { articles: 0, seed: 1, lang: "en".to_owned(), dir: None });
    while let Some(flag) = given.next() {
        if flag == "--help" || flag == "-h" {
            return Ok(None);
        }
        if !["--articles", "--seed", "--lang", "--dir"].contains(&flag.as_str()) {
            return Err(format!("unknown argument {flag:?}; there are --articles, --seed, --lang, --dir and --help"));
        }
        let value = given.next().ok_or_else(|| format!("{flag} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{flag}: expected a whole number, found {value:?}"));
        match flag.as_str() {
            "--articles" => articles = Some(number()?),
            "--seed" => args.seed = number()?,
            "--lang" => args.lang = value,
            _ => args.dir = Some(value.into()),
        }
    }
    args.articles = articles.ok_or("--articles is missing")?;
    Ok(Some(args))
}

fn write(generator: &Generator, args: &Args) -> std::io::Result<()> {
    let Some(dir) = &args.dir else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        (0..args.articles).try_for_each(|n| out.write_all(generator.line(n).as_bytes()))?;
        return out.flush();
    };
    std::fs::create_dir_all(dir)?;
    (0..args.articles).try_for_each(|n| {
        let article = generator.article(n);
        std::fs::write(dir.join(format!("{}.txt", article.id)), format!("{}\n\n{}\n", article.title, article.text))
    })
}

fn main() -> ExitCode {
    let complain = |message: &str| writeln!(std::io::stderr(), "generate: {message}");
    let (told, code) = match arguments(std::env::args().skip(1)) {
        Ok(None) => (std::io::stdout().write_all(USAGE.as_bytes()), 0),
        Err(message) => (complain(&message), 2),
        Ok(Some(args)) => match Generator::new(&args.lang, args.seed).map(|generator| write(&generator, &args)) {
            None => {
                let known: Vec<&str> = LOOKS.iter().map(|look| look.code).collect();
                (complain(&format!("--lang: no language is called {:?}; there are {}", args.lang, known.join(", "))), 2)
            }
            // Whoever reads from us has enough.
            Some(Err(error)) if error.kind() == ErrorKind::BrokenPipe => (Ok(()), 0),
            Some(Err(error)) => (complain(&format!("cannot write: {error}")), 1),
            Some(Ok(())) => (Ok(()), 0),
        },
    };
    // Where even the complaint cannot be written, the code still tells.
    ExitCode::from(if told.is_err() && code == 0 { 1 } else { code })
}

#[cfg(test)]
mod tests {
    use super::*;
    use epitome::text::detect::detect;

    #[test]
    fn the_same_arguments_give_the_same_bytes() {
        let line = |seed, n| Generator::new("tr", seed).expect("Turkish is there").line(n);
        assert_eq!(line(7, 3), line(7, 3));
        assert_ne!(line(7, 3), line(8, 3));
        assert_ne!(line(7, 3), line(7, 4));
    }

    #[test]
    fn every_language_of_the_table_is_there_and_detected() {
        for language in &LANGUAGES {
            let generator = Generator::new(language.code, 1).expect(language.code);
            let detected = (0..20).filter(|&n| {
                let lang = detect(&generator.article(n).text, &[]);
                lang.is_some_and(|lang| lang.primary() == language.code)
            });
            let detected = detected.count();
            assert!(detected >= 18, "{}: {detected} of 20 articles are detected", language.code);
        }
    }

    #[test]
    fn words_are_zipf_and_the_vocabulary_grows() {
        let mut draw = Draw(1);
        let ranks: Vec<u64> = (0..400_000).map(|_| draw.rank()).collect();
        let distinct = |n: usize| ranks[..n].iter().collect::<std::collections::HashSet<_>>().len() as f64;
        let beta = (distinct(400_000) / distinct(50_000)).ln() / 8f64.ln();
        assert!((0.4..0.7).contains(&beta), "Heaps' exponent is {beta}");
        let first = ranks.iter().filter(|rank| **rank == 0).count() as f64 / 400_000.0;
        assert!((0.05..0.09).contains(&first), "the first word's share is {first}");
    }
}
