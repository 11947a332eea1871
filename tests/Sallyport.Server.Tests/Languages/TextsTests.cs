using System.Reflection;
using System.Text.RegularExpressions;
using Sallyport.Server.Languages;

namespace Sallyport.Server.Tests.Languages;

public sealed partial class TextsTests
{
    private static readonly PropertyInfo[] Keys = typeof(Texts).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Words that some languages have taken over.</summary>
    private static readonly string[] Loanwords = ["Passkey", "Password"];

    public static TheoryData<string> Names => [.. Language.All.Select(language => language.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_language_has_a_translation_of_every_text_with_the_same_placeholders(string name)
    {
        var texts = Texts.Of(Language.All.Single(language => language.Name == name));
        var english = Texts.Of(Language.English);

        Keys.Length.ShouldBeGreaterThan(10);
        foreach (var key in Keys)
        {
            var (text, original) = ((string)key.GetValue(texts)!, (string)key.GetValue(english)!);
            Placeholders(text).ShouldBe(Placeholders(original), key.Name);
            text.IndexOfAny(['<', '>', '&', '"', '\'', '`', '\\']).ShouldBe(-1, key.Name);
            if (name != "en" && !Loanwords.Contains(original, StringComparer.Ordinal))
            {
                text.ShouldNotBe(original, key.Name);
            }
        }
    }

    [Fact]
    public void Placeholders_in_a_value_are_not_replaced()
    {
        Texts.Fill("{tenant} and {tenant}, {other}", "tenant", "{tenant}").ShouldBe("{tenant} and {tenant}, {other}");
    }

    private static string[] Placeholders(string text) => [.. Placeholder().Matches(text).Select(match => match.Value).Order()];

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
