package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnOrderNeedsAToken(t *testing.T) {
	answer := httptest.NewRecorder()
	router(nil).ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/orders", nil))
	assert.Equal(t, http.StatusUnauthorized, answer.Code)
}
