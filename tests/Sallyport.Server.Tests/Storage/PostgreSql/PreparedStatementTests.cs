using Sallyport.Server.Storage;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Storage.PostgreSql;

public sealed class PreparedStatementTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_prepared_once_whichever_parameters_are_null()
    {
        const string Text = "SELECT length(@text), @number, octet_length(@bytes), @truth";
        // One connection, so that all executions share its prepared statements.
        await using var database = new PostgreSqlDatabase(await PostgreSqlCluster.CreateDatabaseAsync() + ";Maximum Pool Size=1");

        for (var i = 0; i < 10; i++)
        {
            var isNull = i % 2 == 0;
            await RunAsync(database, new Statement(
                Text,
                ("text", isNull ? null : "text"),
                ("number", isNull ? default(long?) : 1L),
                ("bytes", isNull ? null : new byte[] { 1 }),
                ("truth", isNull ? default(bool?) : true)));
        }

        var executions = await database.QueryAsync(
            new Statement("SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT length(%'"),
            row => row.GetInt64(0),
            CancellationToken);
        // The first execution is not prepared, because the statement is not yet known to be reused.
        executions.ShouldBe([9]);
    }

    [Theory]
    [InlineData("SELECT @b, @a", "SELECT $2, $1")]
    [InlineData("SELECT @a, @a", "SELECT $1, $1")]
    [InlineData("SELECT '{\"to\":\"somebody@b\"}' = @b", "SELECT '{\"to\":\"somebody@b\"}' = $2")]
    public void A_parameter_name_becomes_its_position(string text, string expected) =>
        PositionalText.Of(new Statement(text, ("a", 1L), ("b", 2L))).ShouldBe(expected);

    [Fact]
    public void A_parameter_without_a_value_is_an_error()
    {
        var statement = new Statement("SELECT @missing", ("a", 1L));

        Should.Throw<InvalidOperationException>(() => PositionalText.Of(statement)).Message.ShouldContain("missing");
    }

    private static ValueTask<List<bool>> RunAsync(PostgreSqlDatabase database, Statement statement) =>
        database.QueryAsync(statement, row => row.IsDBNull(0), CancellationToken);
}
