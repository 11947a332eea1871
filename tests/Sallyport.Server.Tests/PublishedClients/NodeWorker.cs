using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// A Node process that runs the jobs of many tests, one after the other. It ends with the test run, which closes its input. After a job that ends
/// it, the next one starts another.
/// </summary>
/// <param name="package">The folder below <c>tests/clients</c> with the script and its packages.</param>
/// <param name="script">Reads one line of JSON for each job and answers with one.</param>
internal sealed class NodeWorker(string package, string script)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly SemaphoreSlim Turn = new(1, 1);

    private readonly ConcurrentQueue<string> errors = [];
    private Process? process;

    /// <returns>The outcomes of the job.</returns>
    public async Task<JsonNode> RunAsync(object job)
    {
        await Turn.WaitAsync();
        try
        {
            process = process is { HasExited: false } ? process : await StartAsync();
            using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
            await process.StandardInput.WriteLineAsync(System.Text.Json.JsonSerializer.Serialize(job).AsMemory(), deadline.Token);
            await process.StandardInput.FlushAsync(deadline.Token);
            var line = await process.StandardOutput.ReadLineAsync(deadline.Token);
            var answer = JsonNode.Parse(line.ShouldNotBeNull(string.Join('\n', errors)))!;
            answer["failure"].ShouldBeNull();
            return answer["outcomes"]!;
        }
        finally
        {
            Turn.Release();
        }
    }

    private async Task<Process> StartAsync()
    {
        var started = await NodeClient.StartAsync(package, script);
        started.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data ?? "");
        started.BeginErrorReadLine();
        return started;
    }
}
