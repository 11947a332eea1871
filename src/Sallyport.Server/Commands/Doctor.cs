using System.Text.Json.Nodes;

namespace Sallyport.Server.Commands;

internal enum CheckStatus
{
    Ok,

    /// <summary>It works, but perhaps not as it is meant to.</summary>
    Warning,

    Fault,
}

/// <param name="Remedy">How to correct it; null if there is nothing to correct.</param>
internal sealed record Check(string Name, CheckStatus Status, string Detail, string? Remedy = null)
{
    public static Check Ok(string name, string detail) => new(name, CheckStatus.Ok, detail);

    public static Check Warning(string name, string detail, string remedy) => new(name, CheckStatus.Warning, detail, remedy);

    public static Check Fault(string name, string detail, string remedy) => new(name, CheckStatus.Fault, detail, remedy);
}

/// <summary>The command <c>doctor</c>: checks an installation, and prints what is right and what to correct. It changes nothing.</summary>
internal sealed record Doctor : ICommand
{
    public string Name => "doctor";

    public bool NeedsDatabase => false;

    /// <returns>The exit code: 1 if something is wrong. Warnings do not count.</returns>
    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var checks = new DoctorChecks(context, CommandContext.CallOf(this).Tenant);
        var results = new List<Check>();
        await context.Output.ShowProgressAsync("Checking", async _ => results.AddRange(await checks.RunAsync(cancellationToken)));
        return Report(context.Output, results);
    }

    /// <summary>For a configuration with faults: nothing else can be checked.</summary>
    /// <returns>The exit code.</returns>
    public static int ReportFaults(CommandOutput output, IEnumerable<string> faults) => Report(output, [.. faults.Select(fault =>
    {
        var parts = fault.Split("; ", 2);
        return Check.Fault("configuration", parts[0], parts.Length > 1 ? parts[1] : "see docs/configuration.md");
    })]);

    private static int Report(CommandOutput output, IReadOnlyList<Check> checks)
    {
        var isHealthy = checks.All(check => check.Status != CheckStatus.Fault);
        foreach (var check in checks)
        {
            output.Line($"{Label(check.Status),-9}{check.Name}: {check.Detail}");
            if (check.Remedy is { } remedy)
            {
                output.Line($"         {remedy}");
            }
        }

        output.Json(new JsonObject
        {
            ["healthy"] = isHealthy,
            ["checks"] = new JsonArray([.. checks.Select(ToJson)]),
        });
        return isHealthy ? 0 : 1;
    }

    private static JsonNode ToJson(Check check)
    {
        var json = new JsonObject { ["name"] = check.Name, ["status"] = Label(check.Status), ["detail"] = check.Detail };
        if (check.Remedy is { } remedy)
        {
            json["remedy"] = remedy;
        }

        return json;
    }

    private static string Label(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "ok",
        CheckStatus.Warning => "warning",
        CheckStatus.Fault => "fault",
    };
}
