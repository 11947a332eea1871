namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>Compares the table of calls with the methods of the client, so that an update of the client reveals new calls.</summary>
public sealed class SdkCoverageTests
{
    private const int FewestCalls = 100;

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Every_call_to_a_supported_resource_is_tested(int generation)
    {
        var calls = await NodeClient.RunScriptAsync("management", "uncovered.cjs", new { generation });

        ((int)calls["offered"]!).ShouldBeGreaterThan(FewestCalls, "The methods of the client were not found");
        calls["uncovered"]!.AsArray().Select(call => (string)call!).ShouldBeEmpty();
    }
}
