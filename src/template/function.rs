//! The names of the intrinsic functions.

macro_rules! functions {
    ($($variant:ident $long:literal $short:literal;)*) => {
        /// The intrinsic functions, by the name of their long form.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Function { $(#[doc = $long] $variant,)* }

        impl Function {
            /// All of them.
            pub const ALL: &[Function] = &[$(Function::$variant,)*];

            /// The key of the long form: `Fn::Sub`.
            #[must_use]
            pub fn long(self) -> &'static str {
                match self { $(Function::$variant => $long,)* }
            }

            /// The tag of the short form, `!Sub`; empty where there is none.
            #[must_use]
            pub fn short(self) -> &'static str {
                match self { $(Function::$variant => $short,)* }
            }
        }
    };
}

functions! {
    Ref "Ref" "!Ref";
    GetAtt "Fn::GetAtt" "!GetAtt";
    Sub "Fn::Sub" "!Sub";
    Join "Fn::Join" "!Join";
    Select "Fn::Select" "!Select";
    Split "Fn::Split" "!Split";
    FindInMap "Fn::FindInMap" "!FindInMap";
    If "Fn::If" "!If";
    Equals "Fn::Equals" "!Equals";
    And "Fn::And" "!And";
    Or "Fn::Or" "!Or";
    Not "Fn::Not" "!Not";
    Condition "Condition" "!Condition";
    Base64 "Fn::Base64" "!Base64";
    GetAZs "Fn::GetAZs" "!GetAZs";
    Cidr "Fn::Cidr" "!Cidr";
    ImportValue "Fn::ImportValue" "!ImportValue";
    GetStackOutput "Fn::GetStackOutput" "!GetStackOutput";
    Transform "Fn::Transform" "!Transform";
    Length "Fn::Length" "";
    ToJsonString "Fn::ToJsonString" "";
    ForEach "Fn::ForEach" "";
    Contains "Fn::Contains" "!Contains";
    EachMemberEquals "Fn::EachMemberEquals" "!EachMemberEquals";
    EachMemberIn "Fn::EachMemberIn" "!EachMemberIn";
    RefAll "Fn::RefAll" "!RefAll";
    ValueOf "Fn::ValueOf" "!ValueOf";
    ValueOfAll "Fn::ValueOfAll" "!ValueOfAll";
}

impl Function {
    /// The function of a tag.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Function> {
        Function::ALL.iter().copied().find(|it| !it.short().is_empty() && it.short() == tag)
    }

    /// The function of a key in the long form. `Condition` is none here: the same key is a property of policies
    /// and resources, see [`super::expr`].
    #[must_use]
    pub fn of_key(key: &str) -> Option<Function> {
        if key == "Ref" {
            return Some(Function::Ref);
        }
        if key.starts_with("Fn::ForEach::") {
            return Some(Function::ForEach);
        }
        key.starts_with("Fn::").then(|| Function::ALL.iter().copied().find(|it| it.long() == key))?
    }
}
