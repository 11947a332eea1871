using System.Reflection;
using Sallyport.Server.Storage;
using Xunit.Sdk;
using Xunit.v3;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>Runs a theory on every engine with every generation of the Management API's client, or with those that are named.</summary>
public sealed class GenerationsAttribute(params int[] generations) : DataAttribute
{
    public IReadOnlyList<int> Generations { get; } = generations.Length > 0 ? generations : ManagementSdk.Generations;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. from engine in Enum.GetValues<Engine>() from generation in Generations select new TheoryDataRow<Engine, int>(engine, generation)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
