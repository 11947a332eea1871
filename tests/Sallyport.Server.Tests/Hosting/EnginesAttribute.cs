using System.Reflection;
using Sallyport.Server.Storage;
using Xunit.Sdk;
using Xunit.v3;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Runs a theory on every engine.</summary>
public sealed class EnginesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [new TheoryDataRow<Engine>(Engine.Sqlite), new TheoryDataRow<Engine>(Engine.PostgreSql)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
