using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

/// <summary>liquidjs in a Node process that reads a question on each line and answers it with a line.</summary>
internal sealed class LiquidjsOracle : IDisposable
{
    private readonly Process process = Start("node", ["render.js"]);

    private LiquidjsOracle()
    {
    }

    /// <summary>Skips the test where liquidjs cannot run, and fails it with <c>CI=true</c>.</summary>
    public static async Task<LiquidjsOracle> StartAsync(CancellationToken cancellationToken)
    {
        var obstacle = await FindObstacleAsync(cancellationToken);
        if (obstacle is not null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("liquidjs cannot run here: " + obstacle);
        }

        obstacle.ShouldBeNull("liquidjs must run in CI");
        return new LiquidjsOracle();
    }

    public OracleAnswer Ask(OracleQuestion question)
    {
        process.StandardInput.WriteLine(JsonSerializer.Serialize(question));
        process.StandardInput.Flush();
        return JsonSerializer.Deserialize<OracleAnswer>(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("liquidjs has ended"))!;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Sallyport.slnx")))
            {
                folder = folder.Parent;
            }

            return Path.Combine(folder.FullName, "tests", "clients", "liquid");
        }
    }

    /// <returns>Null if liquidjs can be asked, otherwise what is missing.</returns>
    private static async Task<string?> FindObstacleAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            {
                await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], cancellationToken);
            }

            await RunAsync("node", ["--input-type=module", "--eval", "import 'liquidjs'"], cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return exception.Message;
        }
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {error}");
        }
    }

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}

internal sealed record OracleQuestion(
    [property: JsonPropertyName("template")] string Template,
    [property: JsonPropertyName("data")] Dictionary<string, object?> Data,
    [property: JsonPropertyName("partials")] Dictionary<string, string> Partials);

internal sealed record OracleAnswer(
    [property: JsonPropertyName("text")] string? Text,
    [property: JsonPropertyName("error")] string? Error);
