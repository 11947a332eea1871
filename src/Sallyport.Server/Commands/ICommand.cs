using System.Text.Json.Nodes;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Users;

namespace Sallyport.Server.Commands;

/// <summary>A command of the program with its arguments, such as <c>users show ID</c>. It calls the operations that the API calls.</summary>
internal interface ICommand
{
    /// <summary>As it is typed. Errors begin with it, and the log repeats it.</summary>
    string Name { get; }

    /// <summary>False: it runs without the rows and the keys of a started server, and changes nothing in the database before it begins.</summary>
    bool NeedsDatabase => true;

    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It cannot be carried out.</exception>
    Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken);
}

/// <summary>Ends a command with one line on the standard error and the exit code 1.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <param name="IsJson">The result is printed as JSON instead of text.</param>
internal sealed record Invocation(ICommand Command, bool IsJson);

/// <summary>What a command works with.</summary>
/// <param name="Explain">Returns the line that explains an exception; null for a bug.</param>
internal sealed record CommandContext(IServiceProvider Services, CommandOutput Output, Func<Exception, string?> Explain)
{
    public SallyportOptions Options => Get<SallyportOptions>();

    public T Get<T>()
        where T : notnull =>
        Services.GetRequiredService<T>();

    /// <summary>The caller of operations. The log shows the command, and the user of the operating system who has typed it.</summary>
    public static CallContext CallOf(ICommand command)
    {
        var call = CallContext.Internal(CallChannel.CommandLine);
        return call with { Source = call.Source with { UserAgent = $"{command.Name} from the command line by {Environment.UserName}" } };
    }

    /// <param name="user">An id, which contains a bar, or an email address.</param>
    /// <exception cref="CommandException">There is no such user, or several have the address.</exception>
    public async Task<User> FindUserAsync(ICommand command, string user, CancellationToken cancellationToken)
    {
        var tenant = CallOf(command).Tenant;
        var users = Get<UserQueries>();
        IReadOnlyList<User> found = user.Contains('|', StringComparison.Ordinal)
            ? await users.FindAsync(tenant, user, cancellationToken) is { } known ? [known] : []
            : await users.ListByEmailAsync(tenant, user, cancellationToken);
        return found switch
        {
            [var only] => only,
            [] => throw new CommandException($"the user {user} does not exist; users search finds users"),
            _ => throw new CommandException(
                $"{found.Count} users have the address {user}; give one of the ids {string.Join(", ", found.Take(10).Select(one => one.UserId))}"),
        };
    }
}

/// <summary>Runs a command and reports how it ends.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(ICommand command, CommandContext context)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler cancel = (_, press) =>
        {
            // What is being written is completed.
            press.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += cancel;
        try
        {
            return await command.RunAsync(context, stop.Token);
        }
        catch (CommandException exception)
        {
            return context.Output.Fail(command, exception.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return context.Output.Fail(command, "stopped");
        }
        finally
        {
            Console.CancelKeyPress -= cancel;
        }
    }
}

internal static class CommandJson
{
    public static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}
