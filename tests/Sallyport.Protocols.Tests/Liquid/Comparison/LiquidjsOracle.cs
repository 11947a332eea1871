using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

/// <summary>liquidjs in Node, as a process that answers lines.</summary>
internal static class LiquidjsOracle
{
    /// <summary>Null when it can be asked, otherwise what is missing.</summary>
    public static async Task<string?> FindObstacleAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            {
                await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], [], cancellationToken);
            }

            await RunAsync("node", ["--input-type=module", "--eval", "import 'liquidjs'"], [], cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return exception.Message;
        }
    }

    public static async Task<List<OracleAnswer>> AskAsync(IEnumerable<OracleQuestion> questions, CancellationToken cancellationToken)
    {
        var lines = await RunAsync("node", ["render.js"], questions.Select(question => JsonSerializer.Serialize(question)), cancellationToken);
        return [.. lines.Select(line => JsonSerializer.Deserialize<OracleAnswer>(line)!)];
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

    private static async Task<List<string>> RunAsync(
        string program, string[] arguments, IEnumerable<string> input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var writing = WriteAsync(process, input);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            lines.Add(line);
        }

        await writing;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? lines : throw new InvalidOperationException($"{program}: {await error}");
    }

    private static async Task WriteAsync(Process process, IEnumerable<string> input)
    {
        foreach (var line in input)
        {
            await process.StandardInput.WriteLineAsync(line);
        }

        process.StandardInput.Close();
    }
}
