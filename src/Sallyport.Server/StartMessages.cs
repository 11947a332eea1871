using Sallyport.Server.Configuration;

namespace Sallyport.Server;

/// <summary>Prints what a developer needs after a start. It contains secrets, so it goes to the console and not to the log.</summary>
internal static class StartMessages
{
    public static string GeneratedClient(BootstrapClient client, SallyportOptions options) => string.Join(
        Environment.NewLine,
        "", "A client with every scope of the Management API. Its secret is shown only now:", "",
        $"  client_id      {client.ClientId}",
        $"  client_secret  {client.ClientSecret}",
        $"  audience       {options.ManagementAudience}",
        "");

    /// <summary>Not in the log, because whoever opens the link first becomes the administrator.</summary>
    public static string Invitation(SallyportOptions options, string url) => string.Join(
        Environment.NewLine,
        "",
        $"Open this link within a day to set up the dashboard ({options.PublicUrl}/dashboard) for {options.InvitedAdministrator}:",
        "",
        $"  {url}",
        "");

    /// <param name="addresses">Where the server listens.</param>
    public static string Ready(FirstStartResult result, SallyportOptions options, IEnumerable<string> addresses)
    {
        var others = addresses.Where(address => BindingAddress.Parse(address).Port != options.MetricsAddress?.Port).ToList();
        var lines = new List<string>
        {
            "",
            others.Count == 0 || others.Any(address => Serves(address, options.PublicUrl))
                ? $"Sallyport is ready at {options.PublicUrl}"
                : $"Sallyport is ready and listens on {string.Join(" and ", others)}; its links start with {options.PublicUrl}",
        };
        if (result.TicketUrl is { } url)
        {
            lines.AddRange(["", "Open this link to set up a second factor for the demo user:", "", $"  {url}"]);
        }
        else if (options.HasDemoUser)
        {
            lines.AddRange(["", $"The demo user is enrolled or deleted. To start over, stop the server and delete {options.DataDirectory}"]);
        }

        return string.Join(Environment.NewLine, [.. lines, ""]);
    }

    /// <summary>A server that listens on every address of the machine serves each of its host names.</summary>
    private static bool Serves(string address, string publicUrl)
    {
        var (listening, url) = (BindingAddress.Parse(address), new Uri(publicUrl));
        return listening.Port == url.Port
            && listening.Scheme.Equals(url.Scheme, StringComparison.OrdinalIgnoreCase)
            && (listening.Host is "*" or "+" or "0.0.0.0" or "[::]" || listening.Host.Equals(url.Host, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>Event ids 2400 to 2499.</summary>
internal static partial class StartLog
{
    [LoggerMessage(2400, LogLevel.Warning,
        "No client exists, so nobody can call the Management API; create the first one with the command clients create NAME, "
        + "or set Sallyport:Bootstrap:ClientId and Sallyport:Bootstrap:ClientSecret and start again")]
    public static partial void NoClient(ILogger logger);

    [LoggerMessage(2403, LogLevel.Warning,
        "No administrator exists, so nobody can use the dashboard; set Sallyport:Bootstrap:AdminEmail and Sallyport:Bootstrap:AdminPassword "
        + "and start again to create the first one")]
    public static partial void NoAdministrator(ILogger logger);

    [LoggerMessage(2401, LogLevel.Warning,
        "The public URL changed from {StoredUrl} to {PublicUrl}; tokens and links that were issued for the old one are no longer accepted")]
    public static partial void PublicUrlChanged(ILogger logger, string storedUrl, string publicUrl);

    [LoggerMessage(2402, LogLevel.Warning, "Links start with {PublicUrl}, which opens on this machine only; set Sallyport:PublicUrl to the address that users open")]
    public static partial void LocalPublicUrl(ILogger logger, string publicUrl);
}
