namespace Sallyport.Server.Storage;

public enum Engine
{
    Sqlite,
    PostgreSql,
}
