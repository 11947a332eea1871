using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>The tests of the npm package <c>auth0</c> share one server per engine, so they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedServers : ICollectionFixture<Servers>
{
    public const string Name = "npm auth0";
}
