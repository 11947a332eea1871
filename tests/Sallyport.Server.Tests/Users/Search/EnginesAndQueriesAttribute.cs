using System.Reflection;
using Sallyport.Server.Storage;
using Xunit.Sdk;
using Xunit.v3;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>Runs a theory with every query on every engine.</summary>
/// <param name="cases">Each is a query, a colon with a space, and the expected result.</param>
public sealed class EnginesAndQueriesAttribute(params string[] cases) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. Enum.GetValues<Engine>().SelectMany(engine => cases.Select(text => Row(engine, text)))]);

    public override bool SupportsDiscoveryEnumeration() => true;

    private static TheoryDataRow<Engine, string, string> Row(Engine engine, string text)
    {
        var end = text.LastIndexOf(": ", StringComparison.Ordinal);
        return new TheoryDataRow<Engine, string, string>(engine, text[..end], text[(end + 2)..]);
    }
}
