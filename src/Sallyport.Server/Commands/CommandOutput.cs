using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Sallyport.Server.Commands;

/// <summary>
/// Where a command reads and prints. A result is printed as text or as JSON, never both. All text is made safe for a terminal, because it
/// contains what users have typed.
/// </summary>
internal sealed class CommandOutput(TextWriter output, TextWriter errors, TextReader input)
{
    /// <summary>A table that is redirected to a file does not wrap its lines.</summary>
    private const int UnlimitedWidth = 1000;

    public bool IsJson { get; init; }

    /// <summary>A person reads the output and can answer questions.</summary>
    public bool IsTerminal { get; init; }

    public static CommandOutput OfConsole(bool isJson) => new(Console.Out, Console.Error, Console.In)
    {
        IsJson = isJson,
        IsTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected,
    };

    /// <summary>Prints a line of a result in text.</summary>
    public void Line(string text)
    {
        if (!IsJson)
        {
            output.WriteLine(TerminalText.Escape(text));
        }
    }

    /// <summary>Prints a result in JSON. Characters outside of ASCII are escaped.</summary>
    public void Json(JsonNode value)
    {
        if (!IsJson)
        {
            return;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            value.WriteTo(json);
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    public void Error(string text) => errors.WriteLine(TerminalText.Escape(text));

    /// <returns>The exit code.</returns>
    public int Fail(ICommand command, string fault)
    {
        Error($"{command.Name}: {fault.ReplaceLineEndings(" ")}");
        return 1;
    }

    /// <summary>Prints rows of text under their titles.</summary>
    public void Table(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string?>> rows)
    {
        if (IsJson)
        {
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(new Text(title)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(TerminalText.Escape(cell ?? ""))));
        }

        Terminal().Write(table);
    }

    /// <returns>False unless the person has answered with yes.</returns>
    public bool Confirm(string question)
    {
        output.Write(TerminalText.Escape(question) + " [y/N] ");
        return input.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>Shows the progress of long work on a terminal.</summary>
    /// <param name="work">Gets a function that takes the part that is done, from 0 to 1; null if it is unknown.</param>
    public async Task ShowProgressAsync(string title, Func<Action<double?>, Task> work)
    {
        if (IsJson || !IsTerminal)
        {
            await work(_ => { });
            return;
        }

        await Terminal().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: 1);
                bar.IsIndeterminate = true;
                await work(done =>
                {
                    bar.IsIndeterminate = done is null;
                    bar.Value = done ?? 0;
                });
            });
    }

    private IAnsiConsole Terminal()
    {
        if (IsTerminal)
        {
            return AnsiConsole.Console;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = UnlimitedWidth;
        return console;
    }
}

/// <summary>How values are printed in text.</summary>
internal static class Printed
{
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "";

    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F0} kB"),
    };
}
