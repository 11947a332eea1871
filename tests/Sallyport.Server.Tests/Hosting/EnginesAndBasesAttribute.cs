using System.Reflection;
using Sallyport.Server.Storage;
using Xunit.Sdk;
using Xunit.v3;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Runs a theory on every engine, under both bases of the Guardian API that published clients use.</summary>
public sealed class EnginesAndBasesAttribute : DataAttribute
{
    private static readonly string[] Bases = ["", "/appliance-mfa"];

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. from engine in Enum.GetValues<Engine>() from prefix in Bases select new TheoryDataRow<Engine, string>(engine, prefix)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
