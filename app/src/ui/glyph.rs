//! The line drawings of the screen: 16 × 16, stroke 1.5.

/// A line drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Glyph {
    Workflow,
    Run,
    Key,
    Plug,
    Gear,
    Book,
    Plus,
    Close,
    Check,
    Search,
    More,
    ChevronDown,
    ChevronRight,
    ChevronLeft,
    ArrowOut,
    Copy,
    Trash,
    Pencil,
    Refresh,
    Warning,
    Info,
    Play,
    Stop,
    Clock,
    Bolt,
    Undo,
    Redo,
    Person,
    People,
    Building,
    Lock,
    Link,
    SignOut,
    Sun,
    Moon,
    Screen,
    Loop,
    Note,
    Fit,
    Minus,
    Eye,
    List,
    Shield,
    Template,
}

impl Glyph {
    /// The inside of its `<svg>`.
    pub fn paths(self) -> &'static str {
        match self {
            Self::Workflow => {
                r#"<rect x="2" y="2" width="5" height="4" rx="1"/><rect x="9" y="10" width="5" height="4" rx="1"/><path d="M4.5 6v3.5a2.5 2.5 0 0 0 2.5 2.5h2"/>"#
            }
            Self::Run => r#"<path d="M2 8h2.5l2-5 3 10 2-5H14"/>"#,
            Self::Key => {
                r#"<circle cx="5.5" cy="10.5" r="3"/><path d="M7.7 8.3 13.5 2.5M11 5l2 2"/>"#
            }
            Self::Plug => r#"<path d="M5.5 2v3M10.5 2v3M4 5h8v2.5a4 4 0 0 1-8 0zM8 11.5V14"/>"#,
            Self::Gear => {
                r#"<circle cx="8" cy="8" r="2.2"/><path d="M8 1.8v1.9M8 12.3v1.9M1.8 8h1.9M12.3 8h1.9M3.6 3.6l1.4 1.4M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4"/>"#
            }
            Self::Book => {
                r#"<path d="M8 3.8C6.6 2.9 4.6 2.5 2 2.5v10c2.600 0 4.600.4 6 1.300 1.400-.9 3.400-1.300 6-1.300v-10c-2.600 0-4.600.4-6 1.300zM8 3.800v10"/>"#
            }
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::Close => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
            Self::Check => r#"<path d="m3 8.500 3.200 3.200L13 5"/>"#,
            Self::Search => {
                r#"<circle cx="7" cy="7" r="4.300"/><path d="m10.300 10.300 3.200 3.200"/>"#
            }
            Self::More => {
                r#"<circle cx="3.500" cy="8" r=".7" fill="currentColor"/><circle cx="8" cy="8" r=".7" fill="currentColor"/><circle cx="12.500" cy="8" r=".7" fill="currentColor"/>"#
            }
            Self::ChevronDown => r#"<path d="m4 6 4 4 4-4"/>"#,
            Self::ChevronRight => r#"<path d="m6 4 4 4-4 4"/>"#,
            Self::ChevronLeft => r#"<path d="m10 4-4 4 4 4"/>"#,
            Self::ArrowOut => r#"<path d="M5 11 11.500 4.500M6 4h6v6"/>"#,
            Self::Copy => {
                r#"<rect x="5.500" y="5.500" width="8" height="8" rx="1.500"/><path d="M10.500 5.500V4A1.500 1.500 0 0 0 9 2.500H4A1.500 1.500 0 0 0 2.500 4v5A1.500 1.500 0 0 0 4 10.500h1.500"/>"#
            }
            Self::Trash => {
                r#"<path d="M2.500 4.500h11M6 4.500V3h4v1.500M4 4.500l.6 8a1 1 0 0 0 1 1h4.800a1 1 0 0 0 1-1l.6-8M6.700 7v4M9.300 7v4"/>"#
            }
            Self::Pencil => r#"<path d="m3 13 .7-3L11 2.700l2.300 2.300L6 12.300z"/>"#,
            Self::Refresh => r#"<path d="M13 8a5 5 0 1 1-1.600-3.700M13 2v3h-3"/>"#,
            Self::Warning => r#"<path d="M8 2.500 14.500 13.500h-13zM8 6.500v3.500M8 11.800v.1"/>"#,
            Self::Info => r#"<circle cx="8" cy="8" r="6"/><path d="M8 7.300v3.700M8 5v.1"/>"#,
            Self::Play => r#"<path d="M4.500 3v10l8-5z" fill="currentColor"/>"#,
            Self::Stop => r#"<rect x="4" y="4" width="8" height="8" rx="1"/>"#,
            Self::Clock => r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.500V8l2.500 1.500"/>"#,
            Self::Bolt => r#"<path d="M9 1.500 3.500 9H8l-1 5.500L12.500 7H8z"/>"#,
            Self::Undo => r#"<path d="M5.500 3 2.500 6l3 3M2.500 6H10a3.500 3.500 0 0 1 0 7H6"/>"#,
            Self::Redo => r#"<path d="m10.500 3 3 3-3 3M13.500 6H6a3.500 3.500 0 0 0 0 7h4"/>"#,
            Self::Person => {
                r#"<circle cx="8" cy="5" r="2.700"/><path d="M2.800 13.500c.6-2.700 2.600-4.200 5.200-4.200s4.600 1.500 5.200 4.200"/>"#
            }
            Self::People => {
                r#"<circle cx="6" cy="5.500" r="2.300"/><path d="M1.500 13c.5-2.400 2.200-3.700 4.500-3.700s4 1.300 4.500 3.700M10.500 3.400a2.300 2.300 0 0 1 0 4.200M12 9.700c1.300.5 2.200 1.600 2.500 3.300"/>"#
            }
            Self::Building => {
                r#"<path d="M3 13.500v-10l6-1.500v11.500M9 6l4 1v6.500M1.500 13.500h13M5.300 5.500h1.400M5.300 8h1.400M5.300 10.500h1.400"/>"#
            }
            Self::Lock => {
                r#"<rect x="3.500" y="7" width="9" height="6.500" rx="1.500"/><path d="M5.500 7V5a2.500 2.500 0 0 1 5 0v2"/>"#
            }
            Self::Link => {
                r#"<path d="M6.500 9.500a2.700 2.700 0 0 0 4 0l2-2a2.800 2.800 0 0 0-4-4l-1 1M9.500 6.500a2.700 2.700 0 0 0-4 0l-2 2a2.800 2.800 0 0 0 4 4l1-1"/>"#
            }
            Self::SignOut => {
                r#"<path d="M6 13.500H3.500a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1H6M10 11l3-3-3-3M13 8H6"/>"#
            }
            Self::Sun => {
                r#"<circle cx="8" cy="8" r="2.800"/><path d="M8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1"/>"#
            }
            Self::Moon => r#"<path d="M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z"/>"#,
            Self::Screen => {
                r#"<rect x="2" y="3" width="12" height="8" rx="1.200"/><path d="M6 13.500h4M8 11v2.500"/>"#
            }
            Self::Loop => {
                r#"<path d="M3 8a5 5 0 0 1 8.700-3.300L13 6M13 8a5 5 0 0 1-8.700 3.300L3 10M13 3v3h-3M3 13v-3h3"/>"#
            }
            Self::Note => {
                r#"<path d="M3 2.500h10v7L9.500 13.500H3zM13 9.500H9.500v4M5.500 5.500h5M5.500 8h3"/>"#
            }
            Self::Fit => {
                r#"<path d="M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10"/>"#
            }
            Self::Minus => r#"<path d="M3 8h10"/>"#,
            Self::Eye => {
                r#"<path d="M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8z"/><circle cx="8" cy="8" r="2"/>"#
            }
            Self::List => {
                r#"<path d="M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.1M2.500 8h.1M2.500 12h.1"/>"#
            }
            Self::Shield => {
                r#"<path d="M8 1.800 13 3.500v4c0 3.200-2 5.600-5 6.700-3-1.100-5-3.500-5-6.700v-4z"/>"#
            }
            Self::Template => {
                r#"<rect x="2.500" y="2.500" width="11" height="11" rx="1.500"/><path d="M2.500 6h11M6.500 6v7.500"/>"#
            }
        }
    }
}
