using Sallyport.Server.Configuration;

namespace Sallyport.Server;

/// <summary>What somebody reads who starts the server for the first time.</summary>
internal static class TrialGreeting
{
    public static string Introduce(BootstrapClient client, SallyportOptions options) => string.Join(
        Environment.NewLine,
        "", "A client with every scope of the Management API. Its secret is shown this once:", "",
        $"  client_id      {client.ClientId}",
        $"  client_secret  {client.ClientSecret}",
        $"  audience       {options.ManagementAudience}",
        "");

    public static string Welcome(Trial trial, SallyportOptions options)
    {
        var lines = new List<string> { "", $"Sallyport is ready at {options.PublicUrl}" };
        if (trial.TicketUrl is { } url)
        {
            lines.AddRange(["", "Open this link to set up a second factor for the demo user:", "", $"  {url}"]);
        }
        else if (options.IsTrial)
        {
            lines.AddRange(["", $"The demo user is set up. To start over, stop the server and delete {options.DataDirectory}"]);
        }

        return string.Join(Environment.NewLine, [.. lines, ""]);
    }
}
