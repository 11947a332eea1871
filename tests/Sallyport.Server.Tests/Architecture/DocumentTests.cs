using System.Reflection;
using System.Text.RegularExpressions;
using Sallyport.Server.Http;

namespace Sallyport.Server.Tests.Architecture;

/// <summary>The lists in the documents match the code.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_error_code_is_a_heading_in_the_list_of_errors()
    {
        var codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToList();
        var headings = Heading().Matches(File.ReadAllText(Repository.PathOf("docs/errors.md"))).Select(match => match.Groups[1].Value).ToList();

        codes.ShouldNotBeEmpty();
        headings.Order(StringComparer.Ordinal).ShouldBe(codes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_configuration_key_is_documented()
    {
        var source = File.ReadAllText(Repository.PathOf("src/Sallyport.Server/Configuration/ConfigurationReader.cs"));
        var keys = Key().Matches(source).Select(match => match.Groups[1].Value).Distinct().ToList();
        var document = File.ReadAllText(Repository.PathOf("docs/configuration.md"));

        keys.Count.ShouldBeGreaterThan(8);
        keys.Where(key => !document.Contains($"`{key}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Log_event_ids_are_unique()
    {
        var ids = typeof(Program).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<Microsoft.Extensions.Logging.LoggerMessageAttribute>())
            .OfType<Microsoft.Extensions.Logging.LoggerMessageAttribute>()
            .Select(attribute => attribute.EventId)
            .ToList();

        ids.ShouldNotBeEmpty();
        ids.ShouldBeUnique();
    }

    [GeneratedRegex(@"^### `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("\"((?:Sallyport|ConnectionStrings):[A-Za-z:]+)(?:\"|: )")]
    private static partial Regex Key();
}
