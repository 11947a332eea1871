namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>The table of calls is compared with what the client offers, so that a new version of it shows what is new.</summary>
public sealed class SdkCoverageTests
{
    private const int FewestCalls = 100;

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Every_call_of_what_is_served_here_is_tried(int generation)
    {
        var calls = await NodeClient.RunScriptAsync("management", "uncovered.cjs", new { generation });

        ((int)calls["offered"]!).ShouldBeGreaterThan(FewestCalls, "The client was not looked at");
        calls["uncovered"]!.AsArray().Select(call => (string)call!).ShouldBeEmpty();
    }
}
