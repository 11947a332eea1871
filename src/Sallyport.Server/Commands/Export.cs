using System.Text.Json.Nodes;
using Sallyport.Server.Jobs;
using Sallyport.Server.Jobs.Exports;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>export FILE</c>: writes all users of one moment to a file.</summary>
/// <param name="File">A path, or <c>-</c> for the standard output.</param>
/// <param name="Format"><c>json</c> for one object per line, or <c>csv</c>.</param>
internal sealed record Export(string File, string Format, string? Connection) : ICommand
{
    private const string StandardOutput = "-";

    public string Name => "export";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (File == StandardOutput)
        {
            if (context.Output.IsJson)
            {
                throw new CommandException("the users and the report cannot both go to the standard output; give a file, or leave out --json");
            }

            await using var output = Console.OpenStandardOutput();
            await WriteAsync(context, output, cancellationToken);
            return 0;
        }

        var users = await WriteFileAsync(context, cancellationToken);
        context.Output.Line($"{users} users are in {File}");
        context.Output.Json(new JsonObject { ["file"] = Path.GetFullPath(File), ["users"] = users });
        return 0;
    }

    private async Task<long> WriteFileAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (System.IO.File.Exists(File))
        {
            throw new CommandException($"{File} exists; delete it, or give another name");
        }

        var isIncomplete = false;
        try
        {
            var users = 0L;
            await using (var output = PrivateFiles.Create(File, FileMode.CreateNew))
            {
                isIncomplete = true;
                await context.Output.ShowProgressAsync("Exporting users", async _ => users = await WriteAsync(context, output, cancellationToken));
            }

            isIncomplete = false;
            return users;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{File} cannot be written: {exception.Message}");
        }
        finally
        {
            if (isIncomplete)
            {
                System.IO.File.Delete(File);
            }
        }
    }

    private async Task<long> WriteAsync(CommandContext context, Stream output, CancellationToken cancellationToken) =>
        await context.Get<FileExport>().RunAsync(
            CommandContext.CallOf(this), new JobParametersV1 { Format = Format, Connection = Connection }, output, cancellationToken)
        ?? throw new CommandException($"the connection {Connection} does not exist");
}
