// Command checkout is the example platform's order service: one endpoint, a session in Redis, orders in PostgreSQL.
package main

import (
	"context"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
	"github.com/gomodule/redigo/redis"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"go.uber.org/zap"
)

func main() {
	log := zap.Must(zap.NewProduction())
	serve := &cobra.Command{
		Use: "checkout",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := pgx.Connect(cmd.Context(), os.Getenv("DATABASE_URL"))
			if err != nil {
				return err
			}
			defer db.Close(context.Background())
			sessions := &redis.Pool{Dial: func() (redis.Conn, error) { return redis.Dial("tcp", os.Getenv("REDIS")) }}
			defer sessions.Close()
			return router(db).Run()
		},
	}
	if err := serve.Execute(); err != nil {
		log.Fatal("checkout stopped", zap.Error(err))
	}
}

func router(db *pgx.Conn) *gin.Engine {
	r := gin.New()
	r.GET("/metrics", gin.WrapH(promhttp.Handler()))
	r.POST("/orders", func(c *gin.Context) {
		claims := jwt.MapClaims{}
		_, err := jwt.ParseWithClaims(c.GetHeader("Authorization"), claims, func(*jwt.Token) (any, error) {
			return []byte(os.Getenv("JWT_KEY")), nil
		})
		if err != nil {
			c.Status(http.StatusUnauthorized)
			return
		}
		id := uuid.New()
		if _, err := db.Exec(c, "insert into orders (id, customer) values ($1, $2)", id, claims["sub"]); err != nil {
			c.Status(http.StatusInternalServerError)
			return
		}
		c.JSON(http.StatusCreated, gin.H{"id": id})
	})
	return r
}
