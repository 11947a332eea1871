namespace Sallyport.Server;

internal static class Help
{
    public const string Text = """
        Usage:
          dotnet Sallyport.Server.dll [--KEY=VALUE]…
              Runs the server. docs/configuration.md lists the keys.

          dotnet Sallyport.Server.dll import FILE [--connection NAME] [--upsert] [--KEY=VALUE]…
              Imports users, one JSON object a line, into the storage that is configured. FILE may be - for the standard input.
              --connection NAME   where they go, Username-Password-Authentication if it is not given
              --upsert            a user who is there already is brought up to what the file says, instead of being refused
              An import that was interrupted goes on where it stopped when the same command is given again.
              The exit code is 1 where a record was refused.
        """;
}
