using System.Net;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>What the database refuses to anybody, with or without the application: to change what was sold, published or drawn.</summary>
public sealed class FinalDrawingTests(FinalDrawingTests.Drawings drawings) : IClassFixture<FinalDrawingTests.Drawings>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE drawings SET name = 'Another' WHERE id = {0}")]
    [InlineData("UPDATE drawings SET held_up_by = 'x' WHERE id = {0}")]
    [InlineData("UPDATE drawings SET status = 'closed' WHERE id = {0}")]
    [InlineData("DELETE FROM drawings WHERE id = {0}")]
    [InlineData("UPDATE drawing_prizes SET value_cents = 1 WHERE drawing_id = {0}")]
    [InlineData("DELETE FROM drawing_prizes WHERE drawing_id = {0}")]
    [InlineData("INSERT INTO drawing_prizes (id, drawing_id, rank, name, quantity, value_cents, kind) VALUES (gen_random_uuid(), {0}, 9, 'More', 1, 1, 'digital')")]
    [InlineData("UPDATE drawing_prizes SET drawing_id = {0}, rank = 8 WHERE drawing_id <> {0}")]
    [InlineData("UPDATE tickets SET price_paid = 1 WHERE drawing_id = {0}")]
    [InlineData("DELETE FROM tickets WHERE drawing_id = {0}")]
    [InlineData("UPDATE numbered_tickets SET ticket_number = ticket_number + 100 WHERE drawing_id = {0}")]
    [InlineData("DELETE FROM numbered_tickets WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_picks SET ticket_number = 1 WHERE drawing_id = {0}")]
    [InlineData("DELETE FROM drawing_picks WHERE drawing_id = {0}")]
    [InlineData("INSERT INTO drawing_picks SELECT drawing_id, 7, 0, 0, '1', 1, ticket_number, ticket_id, user_id, NULL FROM drawing_picks WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_proofs SET randomness = 'aa' WHERE drawing_id = {0}")]
    [InlineData("DELETE FROM drawing_proofs WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_tree_blocks SET hash = decode('00', 'hex') WHERE drawing_id = {0}")]
    [InlineData("DELETE FROM drawing_tree_blocks WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_entrants SET salt = decode('00', 'hex') WHERE drawing_id = {0}")]
    [InlineData("DELETE FROM drawing_entrants WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_gates SET is_open = true WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_gates SET sold = sold + 1 WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_rules SET text = 'Whoever we like wins'")]
    [InlineData("TRUNCATE drawing_picks")]
    [InlineData("TRUNCATE drawings CASCADE")]
    public Task Database_OfACompletedDrawing_RefusesEveryChange(string sql) => AssertRefusedAsync(sql, drawings.Completed);

    [Theory]
    [InlineData("UPDATE drawings SET alternates = 5 WHERE id = {0}")]
    [InlineData("UPDATE drawings SET paid_tickets = 9 WHERE id = {0}")]
    [InlineData("UPDATE drawings SET status = 'open' WHERE id = {0}")]
    [InlineData("UPDATE drawing_proofs SET manifest = manifest || ' ' WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_proofs SET signature = 'x' WHERE drawing_id = {0}")]
    [InlineData("UPDATE drawing_prizes SET quantity = 9 WHERE drawing_id = {0}")]
    public Task Database_OfAClosedDrawing_RefusesToChangeWhatTheManifestSays(string sql) => AssertRefusedAsync(sql, drawings.Closed);

    [Theory]
    [InlineData("UPDATE drawings SET ticket_price = 1 WHERE id = {0}")]
    [InlineData("UPDATE drawings SET commitment = repeat('0', 64) WHERE id = {0}")]
    [InlineData("UPDATE drawings SET status = 'completed', completed_at = now(), paid_tickets = 1, free_tickets = 0 WHERE id = {0}")]
    [InlineData("UPDATE drawings SET status = 'scheduled' WHERE id = {0}")]
    [InlineData("INSERT INTO drawing_picks SELECT {0}, 7, 0, 0, '1', 1, ticket_number, ticket_id, user_id, NULL FROM drawing_picks")]
    public Task Database_OfAnOpenDrawing_RefusesOtherTermsAndImpossibleSteps(string sql) => AssertRefusedAsync(sql, drawings.Open);

    private async Task AssertRefusedAsync(string sql, Guid drawing)
    {
        await using var db = drawings.OpenDb();
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql, [drawing], Ct));

        Assert.Equal(PostgresErrorCodes.RaiseException, refusal.SqlState);
    }

    /// <summary>A drawing in each state that counts, with a winner in the completed one.</summary>
    public sealed class Drawings(PostgresServer server) : IAsyncLifetime
    {
        private readonly DrawingsFixture _fixture = new(server);

        public Guid Open { get; private set; }

        public Guid Closed { get; private set; }

        public Guid Completed { get; private set; }

        public Core.Data.FitTrackDbContext OpenDb() => _fixture.OpenDb();

        public async ValueTask InitializeAsync()
        {
            await _fixture.InitializeAsync();
            using var member = await _fixture.NewMemberAsync(points: 1000);
            (Open, Closed, Completed) = (await NewAsync(), await NewAsync(), await NewAsync());
            await _fixture.StepAsync(Closed, "close");
            await _fixture.StepAsync(Completed, "close");
            await _fixture.StepAsync(Completed, "execute");

            async Task<Guid> NewAsync()
            {
                var id = await _fixture.NewDrawingAsync();
                using var bought = await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity = 2 });
                Assert.Equal(HttpStatusCode.Created, bought.StatusCode);
                return id;
            }
        }

        public ValueTask DisposeAsync() => _fixture.DisposeAsync();
    }
}
