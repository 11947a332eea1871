namespace Sallyport.Bench.Limit;

/// <summary>The statements of one request, each of which finds or changes at least one row.</summary>
internal sealed class LimitScript : IDisposable
{
    private readonly List<LimitStatement> statements;

    private LimitScript(List<LimitStatement> statements)
    {
        this.statements = statements;
    }

    /// <param name="file">Statements end with a semicolon at the end of a line.</param>
    public static LimitScript Read(LimitDatabase database, string file) =>
        new([.. File.ReadAllText(file)
            .Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(database.Compile)]);

    public void Run(LimitValues values)
    {
        foreach (var statement in statements)
        {
            if (statement.Run(values) == 0)
            {
                throw new InvalidOperationException("A statement of the limit did nothing, where the server's would");
            }
        }
    }

    public void Dispose() => statements.ForEach(statement => statement.Dispose());
}
